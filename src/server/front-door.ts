import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../auth/caller.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import { HttpRefusal } from './http-refusal.js';
import type { LoadShedding } from './load-shedding.js';
import { answerType } from './media-types.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking; on /graphql only, from when they were let in. */
    caller: Caller | null;
  }
}

export interface FrontDoorParts {
  path: string;
  tokens: TokenVerifier;
  load: LoadShedding;
  /** How long an answer may take. */
  answerMs: number;
}

/**
 * What a request to GraphQL must be before its body is read: one that there is room for, that can be answered, and whose token is good.
 * The cheapest check comes first; who has no token makes nobody parse megabytes.
 */
export function registerFrontDoor(app: FastifyInstance, { path, tokens, load, answerMs }: FrontDoorParts): void {
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.url !== path) return;
    load.enter();
    const timer = setTimeout(giveUp, answerMs, reply);
    // one listener for all that ends with the answer: each costs as much as checking a known token does
    let hasLeft = false;
    reply.raw.once('close', () => {
      hasLeft = true;
      clearTimeout(timer);
      load.leave(request.caller);
    });
    refuseUnanswerable(request);
    const caller = await tokens.caller(request.headers.authorization);
    if (!hasLeft) load.enterAs(caller);
    request.caller = caller;
  });
  app.addHook('preClose', async () => load.drain());
  // what comes next shall go to another process
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (load.isDraining) void reply.header('connection', 'close');
    done(null, payload);
  });
  app.route({
    method: ['DELETE', 'OPTIONS', 'PATCH', 'PUT'],
    url: path,
    handler: () => {
      throw methodNotAllowed();
    },
  });
}

/** Fastify's own `handlerTimeout` ends with the arrival of the body, and so never comes to pass for a POST. */
function giveUp(reply: FastifyReply): void {
  if (!reply.sent) reply.send(tookTooLong());
}

function refuseUnanswerable({ method, headers, host }: FastifyRequest): void {
  if (method !== 'GET' && method !== 'POST') throw methodNotAllowed();
  if (!isHost(host)) throw new HttpRefusal(400, 'BAD_USER_INPUT', 'The Host header is malformed.');
  // only afterwards would be too late: a mutation would have run
  if (answerType(headers.accept) === null)
    throw new HttpRefusal(
      406,
      'BAD_USER_INPUT',
      'The answer is application/json or application/graphql-response+json; the Accept header takes neither.',
    );
}

/** Hosts that were found good: there are few. */
const goodHosts = new Set<string>();
const MAX_GOOD_HOSTS = 100;

/** Apollo makes a URL of it. */
function isHost(host: string): boolean {
  if (goodHosts.has(host)) return true;
  if (!URL.canParse(`http://${host}/`)) return false;
  if (goodHosts.size < MAX_GOOD_HOSTS) goodHosts.add(host);
  return true;
}

const methodNotAllowed = () =>
  new HttpRefusal(405, 'BAD_USER_INPUT', 'GraphQL is asked by POST; queries by GET too.', { allow: 'GET, POST' });

const tookTooLong = () =>
  new HttpRefusal(
    503,
    'INTERNAL_SERVER_ERROR',
    'The answer took too long and was given up. Ask for less at a time; after a mutation, look first whether it took effect.',
  );
