import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import { type Context, handleProtocols, makeServer, MessageType } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Caller } from '../auth/caller.js';
import type { Instances } from '../auth/instances.js';
import { NO_INSTANCE, type TokenVerifier } from '../auth/token-verifier.js';
import type { Clock } from '../common/clock.js';
import { AppError } from '../common/errors.js';
import type { Log } from '../common/log.js';
import type { PreparedOperation, SocketOperations } from './socket-operations.js';
import { SocketCrowd } from './socket-crowd.js';
import { Turnstile, type TurnstileLimits } from './turnstile.js';
import {
  BAD_MESSAGE,
  FORBIDDEN,
  GatewaySocket,
  GOING_AWAY,
  SOCKET_LIMITS,
  type SocketLimits,
  TRY_AGAIN,
} from './web-socket.js';

export interface WebSocketParts {
  path: string;
  operations: SocketOperations;
  tokens: TokenVerifier;
  instances: Pick<Instances, 'whenDisabled'>;
  /** Refused at the door. */
  isRefused(request: IncomingMessage): boolean;
  clock: Clock;
  log: Log;
  corsOrigins: readonly string[];
  /** Instead of the usual ones. */
  limits?: Partial<SocketLimits>;
}

interface Extra {
  socket: GatewaySocket;
  caller: Caller | null;
  /** Of the operations under way, by the client's id. */
  ends: Map<string, AbortController>;
}
type SocketContext = Context<Record<string, unknown>, Extra>;

const MAX_MESSAGE_BYTES = 1024 * 1024;
/** A flood of sockets shall not keep requests waiting; some thousand clients that come again after a restart are let in in seconds. */
const HANDSHAKES: TurnstileLimits = { perSecond: 300, burst: 50, maxWaiting: 3_000 };
/** Before it is known who sends: a connection_init holds a token and little else. */
const MAX_FIRST_MESSAGE_BYTES = 16 * 1024;
const INIT_TIMEOUT_MS = 3_000;
const INTERNAL_ERROR = 4500;

/** GraphQL over WebSockets (graphql-transport-ws) on the path and the port of HTTP. */
export function registerWebSockets(app: FastifyInstance, parts: WebSocketParts): void {
  const { path, clock, log, corsOrigins } = parts;
  const limits: SocketLimits = { ...SOCKET_LIMITS, ...parts.limits };
  const crowd = new SocketCrowd(limits);
  const server = graphqlServer(parts, limits, crowd);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, handleProtocols });
  const turnstile = new Turnstile(HANDSHAKES);
  let isClosing = false;

  app.server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    if (request.url?.split('?')[0] !== path) return refuse(stream, 404);
    if (parts.isRefused(request) || !isFromHere(request, corsOrigins)) return refuse(stream, 403);
    const isTaken = turnstile.enter(() => {
      if (isClosing || crowd.isFull) return refuse(stream, 503);
      if (!stream.destroyed) sockets.handleUpgrade(request, stream, head, (socket) => begin(socket));
    });
    if (!isTaken) refuse(stream, 503);
  });

  const begin = (socket: WebSocket) => {
    const gateway = new GatewaySocket(socket, clock, limits);
    crowd.enter(gateway)?.close(TRY_AGAIN, 'Too many sockets wait for their connection_init. Connect again.');
    socket.on('error', (error) => log.debug({ err: error }, 'socket: broken'));
    const extra: Extra = { socket: gateway, caller: null, ends: new Map() };
    const closed = server.opened(
      {
        protocol: gateway.protocol,
        send: (data) => gateway.send(data),
        close: (code = 1000, reason = '') => gateway.close(code, reason),
        onMessage: (take) =>
          socket.on('message', (data: Buffer) => {
            if (extra.caller === null && data.length > MAX_FIRST_MESSAGE_BYTES)
              return gateway.close(BAD_MESSAGE, 'Say who you are first: connection_init with a token.');
            const message = String(data);
            take(message).catch((error: unknown) => {
              if (isOfServer(message))
                return gateway.close(BAD_MESSAGE, 'Only the server sends messages of this type.');
              log.error({ err: error }, 'socket: a message failed');
              gateway.close(INTERNAL_ERROR, 'Something went wrong on our side.');
            });
          }),
      },
      extra,
    );
    socket.once('close', (code, reason) => {
      crowd.leave(gateway);
      void closed(code, String(reason)).catch((error: unknown) => log.error({ err: error }, 'socket: cannot end'));
    });
  };

  app.addHook('preClose', async () => {
    isClosing = true;
    for (const socket of crowd.all()) socket.close(GOING_AWAY, 'The gateway is going down. Connect again.');
    for (const end = Date.now() + limits.closeMs; crowd.size > 0 && Date.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    sockets.close();
  });
}

function graphqlServer({ operations, tokens, instances }: WebSocketParts, limits: SocketLimits, crowd: SocketCrowd) {
  return makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: async ({ connectionParams, extra }) => {
      const authorization = connectionParams?.authorization;
      try {
        extra.caller = await tokens.caller(typeof authorization === 'string' ? authorization : undefined);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        extra.socket.close(FORBIDDEN, error.message);
        return false;
      }
      if (extra.socket.signal.aborted) return false;
      if (!crowd.admit(extra.socket, extra.caller)) {
        extra.socket.close(TRY_AGAIN, `You have ${limits.maxOfOneCaller} sockets open. Close one, then connect again.`);
        return false;
      }
      void extra.socket.closeAt(extra.caller.expiresAt);
      closeWithInstance(extra.socket, extra.caller.instanceId, instances);
      return !extra.socket.signal.aborted;
    },
    onSubscribe: (context, id, payload) => {
      const { extra } = context as SocketContext;
      const { caller, socket } = extra;
      if (!caller) throw new Error('An operation has come over a socket without a caller.');
      if (Object.keys(context.subscriptions).length > limits.maxOperations) return [tooMany(limits.maxOperations)];
      const end = new AbortController();
      extra.ends.set(id, end);
      const onTooSlow = () => socket.close(TRY_AGAIN, 'Too far behind. Connect again, and go on from the last cursor.');
      const prepared = operations.prepare(payload, {
        caller,
        signal: AbortSignal.any([end.signal, socket.signal]),
        onTooSlow,
      });
      if (Array.isArray(prepared)) extra.ends.delete(id);
      return prepared as never;
    },
    execute: (operation) => operations.execute(operation as PreparedOperation),
    subscribe: async (operation) => operations.subscribe(operation as PreparedOperation),
    onOperation: (context, id, _payload, _operation, result) => {
      const end = (context as SocketContext).extra.ends.get(id);
      return end && isGenerator(result) ? (endedBy(end, result) as never) : undefined;
    },
    onComplete: (context, id) => {
      const { ends } = (context as SocketContext).extra;
      ends.get(id)?.abort();
      ends.delete(id);
    },
  });
}

/** graphql-ws throws at these as if they were a mistake of ours; it has read the message by then. */
function isOfServer(message: string): boolean {
  const { type } = JSON.parse(message) as { type?: unknown };
  return type === MessageType.ConnectionAck || type === MessageType.Next || type === MessageType.Error;
}

/** A token of an instance that was disabled is good no longer. */
function closeWithInstance(socket: GatewaySocket, instanceId: number, instances: WebSocketParts['instances']): void {
  const stop = instances.whenDisabled(instanceId, () => socket.close(FORBIDDEN, NO_INSTANCE));
  socket.signal.addEventListener('abort', stop, { once: true });
}

const isGenerator = (value: unknown): value is AsyncGenerator => Symbol.asyncIterator in (value as object);

/** A generator that waits for an event cannot return before one comes: so the wait is ended first. */
function endedBy<T>(end: AbortController, generator: AsyncGenerator<T>): AsyncGenerator<T> {
  const ended = {
    next: () => generator.next(),
    return: (value: unknown) => {
      end.abort();
      return generator.return(value);
    },
    throw: (error: unknown) => {
      end.abort();
      return generator.throw(error);
    },
    [Symbol.asyncIterator]: (): AsyncGenerator<T> => ended,
  } as AsyncGenerator<T>;
  return ended;
}

const tooMany = (most: number) =>
  new GraphQLError(`A socket carries at most ${most} operations at once. Open another one.`, {
    extensions: { code: 'BAD_USER_INPUT' },
  });

/** A browser tells where its page is from; who tells nothing is no browser, and is let in by token alone. */
function isFromHere({ headers }: IncomingMessage, corsOrigins: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined || corsOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** No time-out of Node's holds after an upgrade was asked for: who does not close its own side would stay. */
function refuse(stream: Duplex, status: number): void {
  stream.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  (stream as Socket).destroySoon();
}
