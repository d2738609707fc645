import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../auth/caller.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import { HttpRefusal } from './http-refusal.js';
import type { LoadShedding, RequestUnderWay } from './load-shedding.js';
import { answerType } from './media-types.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking; on /graphql only, from when they were let in. */
    caller: Caller | null;
    underWay: RequestUnderWay | null;
  }
}

export interface FrontDoorParts {
  tokens: TokenVerifier;
  load: LoadShedding;
  /** How long an answer may take. */
  answerMs: number;
}

export interface GraphqlRoute {
  url: string;
  answer(request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
}

/**
 * GraphQL's route, with what a request must be before its body is read: one that there is room for, that can be answered, and whose
 * token is good. The cheapest check comes first; who has no token makes nobody parse megabytes.
 */
export function registerFrontDoor(
  app: FastifyInstance,
  { tokens, load, answerMs }: FrontDoorParts,
  { url, answer }: GraphqlRoute,
): void {
  app.decorateRequest('caller', null);
  app.decorateRequest('underWay', null);
  const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const underWay = load.enter(reply);
    refuseUnanswerable(request);
    const caller = await tokens.caller(request.headers.authorization);
    load.enterAs(caller, underWay);
    request.underWay = underWay;
    request.caller = caller;
  };
  const handler = (request: FastifyRequest, reply: FastifyReply) =>
    load.workOn(request.underWay as RequestUnderWay, () => answer(request, reply));
  app.route({ method: ['GET', 'POST'], url, onRequest, handler });
  app.route({ method: ['DELETE', 'OPTIONS', 'PATCH', 'PUT'], url, onRequest, handler: refuseMethod });
  app.addHook('preClose', async () => load.drain());
  giveUpLate(app, load, answerMs);
}

/**
 * One timer for all answers: one for each would be set and cleared again thousands of times a second. Fastify's own `handlerTimeout`
 * ends with the arrival of the body, and so never comes to pass for a POST.
 */
function giveUpLate(app: FastifyInstance, load: LoadShedding, answerMs: number): void {
  const timer = setInterval(
    () => {
      for (const reply of load.longerThan(answerMs)) {
        if (reply.sent) continue;
        reply.send(tookTooLong());
        // what the handler answers later is for nobody
        reply.hijack();
      }
    },
    Math.min(1_000, answerMs),
  );
  timer.unref();
  app.addHook('onClose', async () => clearInterval(timer));
}

function refuseUnanswerable({ method, headers, host }: FastifyRequest): void {
  if (method !== 'GET' && method !== 'POST') throw methodNotAllowed();
  // an address is made of it
  if (!HOST.test(host)) throw new HttpRefusal(400, 'BAD_USER_INPUT', 'The Host header is malformed.');
  // only afterwards would be too late: a mutation would have run
  if (answerType(headers.accept) === null)
    throw new HttpRefusal(
      406,
      'BAD_USER_INPUT',
      'The answer is application/json or application/graphql-response+json; the Accept header takes neither.',
    );
}

/** A name or an IPv4 address, or an IPv6 address in brackets; and a port. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

function refuseMethod(): never {
  throw methodNotAllowed();
}

const methodNotAllowed = () =>
  new HttpRefusal(405, 'BAD_USER_INPUT', 'GraphQL is asked by POST; queries by GET too.', { allow: 'GET, POST' });

const tookTooLong = () =>
  new HttpRefusal(
    503,
    'INTERNAL_SERVER_ERROR',
    'The answer took too long and was given up. Ask for less at a time; after a mutation, look first whether it took effect.',
  );
