// The sandbox's HTTP server: three worlds on one port - Sage ID, the API, and below /sandbox the control of it all.
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { authorize, token } from '../oauth/oauth-routes.js';
import { answer, API_ROOT, type Api, type Twist } from './api.js';
import type { Fault, Faults } from './faults.js';
import { html, message, empty, jsonText, json, type Reply } from './reply.js';
import { readRequest, type SandboxRequest } from './request.js';
import type { RequestLog } from './request-log.js';

/** Requests that a fault keeps waiting; the signal ends their waiting. */
export interface Delayed {
  count: number;
  readonly signal: AbortSignal;
}

export interface ServerParts {
  readonly delayed: Delayed;
  readonly api: Api;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly control: (request: SandboxRequest) => Reply;
}

const DEFAULT_DELAY_MS = 1_000;

export function createSandboxServer(parts: ServerParts): Server {
  return createServer((incoming, outgoing) => {
    serve(parts, incoming, outgoing).catch((error: unknown) => {
      if (outgoing.destroyed) return;
      if (parts.delayed.signal.aborted) return void outgoing.destroy();
      // As ASP.NET does when something unforeseen happens.
      send(outgoing, message(500, `An error has occurred. ${error instanceof Error ? error.message : ''}`));
      if (!(error instanceof Error && 'code' in error && error.code === 'ECONNRESET'))
        process.stderr.write(`${String((error as Error).stack)}\n`);
    });
  });
}

async function serve(parts: ServerParts, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const request = await readRequest(incoming);
  if (!request) return send(outgoing, empty(413));
  if (request.path === '/sandbox' || request.path.startsWith('/sandbox/'))
    return send(outgoing, control(parts, request));
  const isApi = request.path.startsWith(`${API_ROOT}/`);
  const path = isApi ? request.path.slice(API_ROOT.length) : request.path;
  const companyId = Number(request.headers['x-company'] ?? Number.NaN);
  const company = Number.isSafeInteger(companyId) ? companyId : null;
  const fault = parts.faults.take(request.method, path, company);
  const logged = parts.log.add(request, path, company, fault?.kind ?? null);
  const work = (twist: Twist = {}): Reply => {
    const reply = isApi ? answer(parts.api, request, path, twist) : signIn(parts, request);
    logged.status = reply.status;
    return reply;
  };
  if (!fault) return send(outgoing, work());
  parts.delayed.count += 1;
  try {
    await misbehave(fault, work, outgoing, (status) => (logged.status = status), parts.delayed.signal);
  } finally {
    parts.delayed.count -= 1;
  }
}

function control(parts: ServerParts, request: SandboxRequest): Reply {
  try {
    return parts.control(request);
  } catch (error) {
    return json({ error: error instanceof Error ? error.message : String(error) }, 400);
  }
}

function signIn({ api }: ServerParts, request: SandboxRequest): Reply {
  if (request.path === '/oauth/token') return token(api.tokens, request);
  if (request.path === '/authorize' && request.method === 'GET') return authorize(api.tokens, request);
  return html('<html><body><h1>404 - File or directory not found.</h1></body></html>', 404);
}

/** The one place that knows what each kind of fault does. */
async function misbehave(
  fault: Fault,
  work: (twist?: Twist) => Reply,
  outgoing: ServerResponse,
  noteStatus: (status: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const delayMs = fault.delayMs ?? DEFAULT_DELAY_MS;
  const reply = (answered: Reply): void => {
    noteStatus(answered.status);
    send(outgoing, answered);
  };
  switch (fault.kind) {
    case 'hang':
      return;
    case 'hangAfterCommit':
      work();
      return noteStatus(0);
    case 'resetBeforeCommit':
    case 'down':
      return void outgoing.socket?.resetAndDestroy();
    case 'resetAfterCommit':
      work();
      noteStatus(0);
      return void outgoing.socket?.resetAndDestroy();
    case 'tooManyRequests': {
      const headers: Record<string, string> =
        fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
      return reply({ ...message(429, 'Too many requests.'), headers });
    }
    case 'errorAfterCommit':
      work();
      return reply(message(fault.status ?? 500, 'An error has occurred.'));
    case 'errorBeforeCommit':
      return reply(message(fault.status ?? 500, 'An error has occurred.'));
    case 'gatewayErrorAfterCommit':
      work();
      return reply(gatewayError(fault.status ?? 504));
    case 'gatewayErrorBeforeCommit':
      return reply(gatewayError(fault.status ?? 502));
    case 'truncatedBody':
      return truncate(outgoing, work());
    case 'delayThenCommit':
      // the timer keeps no process alive, and what comes due after the sandbox was closed is not done
      await sleep(delayMs, undefined, { ref: false, signal });
      return send(outgoing, work());
    case 'slow': {
      const answered = work();
      await sleep(delayMs, undefined, { ref: false, signal });
      return send(outgoing, answered);
    }
    case 'lateVisibility':
      return send(outgoing, work({ hideForMs: delayMs }));
    case 'closedPeriod':
      return send(outgoing, work({ isPeriodClosed: true }));
    case 'unauthorized':
    case 'refusedCompany':
      return reply(empty(401));
    case 'forbidden':
      return reply(message(403, 'The user does not have access to this feature.'));
    case 'emptySites':
      return reply(jsonText('[]'));
    case 'envelope': {
      const answered = work();
      return send(
        outgoing,
        answered.status === 200 && answered.body.startsWith('[')
          ? { ...answered, body: `{"value":${answered.body}}` }
          : answered,
      );
    }
  }
}

const gatewayError = (status: number): Reply =>
  html(
    `<!DOCTYPE html>\n<html><head><title>columbus.sage.com | ${status}: ${status === 504 ? 'Gateway time-out' : 'Bad gateway'}</title></head>` +
      `<body><h1>Error ${status}</h1><p>cloudflare</p></body></html>`,
    status,
  );

/** Headers promise the whole body; half of it comes, then the connection is cut. */
function truncate(outgoing: ServerResponse, reply: Reply): void {
  const body = Buffer.from(reply.body);
  outgoing.writeHead(reply.status, { ...commonHeaders(reply), 'content-length': body.length });
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.socket?.destroy());
}

function send(outgoing: ServerResponse, reply: Reply): void {
  if (outgoing.destroyed || outgoing.headersSent) return;
  outgoing.writeHead(reply.status, { ...commonHeaders(reply), 'content-length': Buffer.byteLength(reply.body) });
  outgoing.end(reply.body);
}

/** What the way through Cloudflare and Entra's proxy leaves on every answer (sage200.md §1.1). */
function commonHeaders(reply: Reply): Record<string, string> {
  return {
    'cache-control': 'no-store, no-cache',
    'cf-ray': `${randomBytes(8).toString('hex')}-LHR`,
    server: 'cloudflare',
    'x-ms-proxy-transaction-id': `${randomBytes(4).toString('hex')}-${randomBytes(2).toString('hex')}-4000-8000-${randomBytes(6).toString('hex')}`,
    'x-powered-by': 'ASP.NET',
    ...(reply.contentType ? { 'content-type': reply.contentType } : {}),
    ...reply.headers,
  };
}
