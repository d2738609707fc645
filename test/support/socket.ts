import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { lookAtFrame } from './secret-canaries.js';
import { signToken, type TestGateway, until } from './test-gateway.js';

/** A gateway in this process or in another. */
type Served = Pick<TestGateway, 'url'>;

export const socketUrl = (gateway: Served) => gateway.url.replace(/^http/, 'ws');

/** A client as The Layer would have it; closed by the test. It does not try again unless told. */
export async function socketClient(gateway: Served, token?: string, retryAttempts = 0): Promise<Client> {
  const authorization = `Bearer ${token ?? (await signToken())}`;
  return createClient({
    url: socketUrl(gateway),
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
    retryAttempts,
    lazy: true,
  });
}

export interface Followed {
  // oxlint-disable-next-line typescript/no-explicit-any
  answers: any[];
  errors: { message: string; extensions: { code: string } }[];
  /** What the subscription ended with; undefined while it is open. */
  end: { error?: unknown } | undefined;
  stop(): void;
}

/** Follows a subscription; what comes stands in `answers` as it comes. */
export function follow(client: Client, query: string, variables: Record<string, unknown> = {}): Followed {
  const followed: Followed = { answers: [], errors: [], end: undefined, stop: () => undefined };
  followed.stop = client.subscribe(
    { query, variables },
    {
      next: ({ data, errors }) => {
        lookAtFrame(JSON.stringify([data, errors]));
        if (data) followed.answers.push(Object.values(data)[0]);
        if (errors) followed.errors.push(...(errors as never[]));
      },
      error: (error) => {
        lookAtFrame(JSON.stringify(error) ?? '');
        if (Array.isArray(error)) followed.errors.push(...error);
        followed.end = { error };
      },
      complete: () => {
        followed.end ??= {};
      },
    },
  );
  return followed;
}

/** A socket without a client's manners. */
export interface RawSocket {
  socket: WebSocket;
  messages: { type: string; id?: string; payload?: unknown }[];
  send(message: unknown): void;
  /** The code it was closed with; waits for it. */
  closeCode(timeoutMs?: number): Promise<number>;
  /** The same code, and the reason beside it. */
  closeReason(): Promise<[number, string]>;
  untilMessage(type: string): Promise<{ type: string; id?: string; payload?: never }>;
}

export async function rawSocket(
  gateway: Served,
  { protocol = 'graphql-transport-ws', origin }: { protocol?: string; origin?: string } = {},
): Promise<RawSocket> {
  const socket = new WebSocket(socketUrl(gateway), protocol === '' ? [] : protocol, { origin });
  const raw: RawSocket = {
    socket,
    messages: [],
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    closeCode: async (timeoutMs = 8_000) => {
      await until(() => code !== null, 'the socket to close', timeoutMs);
      return code as unknown as number;
    },
    closeReason: async () => [await raw.closeCode(), reason],
    untilMessage: async (type) => {
      await until(() => raw.messages.some((message) => message.type === type), `the message ${type}`);
      return raw.messages.find((message) => message.type === type) as never;
    },
  };
  let code: number | null = null;
  let reason = '';
  socket.on('message', (data) => {
    lookAtFrame(String(data));
    raw.messages.push(JSON.parse(String(data)));
  });
  socket.on('close', (closed, why) => {
    code = closed;
    reason = String(why);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, response) => reject(new Error(`HTTP ${response.statusCode}`)));
    socket.once('error', reject);
  });
  return raw;
}

/** A raw socket that has been let in. */
export async function admittedSocket(gateway: Served, token?: string): Promise<RawSocket> {
  const raw = await rawSocket(gateway);
  raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${token ?? (await signToken())}` } });
  await raw.untilMessage('connection_ack');
  return raw;
}
