import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { isLoopback } from '../common/loopback.js';
import { StartError } from './start-error.js';

/** What proxies add: behind one the caller may sit anywhere. */
const ADDED_BY_PROXIES = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-real-ip',
  'cf-connecting-ip',
  'true-client-ip',
];

/**
 * With AUTH_MODE=demo everything is for people at this machine. Why a request is not from one of them, or null: it came through a
 * proxy, or by a name that is not this machine's own, as from a page whose name was made to lead here (DNS rebinding).
 */
export function demoRefusal(headers: IncomingHttpHeaders): string | null {
  const added = ADDED_BY_PROXIES.find((name) => name in headers);
  if (added !== undefined)
    return `AUTH_MODE=demo is for this machine alone, and this request came through a proxy (${added}). Set AUTH_MODE=jwt.`;
  if (!isOwnName(headers.host ?? ''))
    return 'AUTH_MODE=demo is for this machine alone. Ask it as localhost, or set AUTH_MODE=jwt.';
  return null;
}

/** Names with their ports that were found to be this machine's own: there are few. */
const ownNames = new Set<string>();
const MAX_OWN_NAMES = 100;

function isOwnName(host: string): boolean {
  if (ownNames.has(host)) return true;
  if (!isLoopback(nameOf(host))) return false;
  if (ownNames.size < MAX_OWN_NAMES) ownNames.add(host);
  return true;
}

/** Without the port and the brackets of IPv6. */
function nameOf(host: string): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '') : '';
}

/** Before anything else of a request is looked at. */
export function registerDemoGuard(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const message = demoRefusal(request.headers);
    if (message === null) done();
    else reply.code(403).send({ errors: [{ message, extensions: { code: 'FORBIDDEN' } }] });
  });
}

/** The name that it listens by may lead elsewhere. Throws StartError. */
export function refuseDemoOffLoopback(addresses: readonly (AddressInfo | string)[], host: string): void {
  const elsewhere = addresses
    .map((address) => (typeof address === 'string' ? address : address.address))
    .find((address) => !isLoopback(address));
  if (elsewhere !== undefined)
    throw new StartError(`AUTH_MODE=demo is for loopback addresses only, and ${host} is ${elsewhere} here.`);
}
