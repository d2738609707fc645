// The last requests that the API saw, for tests that ask what a client really sent.
import type { SandboxRequest } from './request.js';

export interface LoggedRequest {
  readonly number: number;
  readonly at: string;
  readonly method: string;
  /** Below the API's root; `/oauth/token` and `/authorize` as they are. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly companyId: number | null;
  readonly body: unknown;
  /** 0 until it is answered, and for good when it never is. */
  status: number;
  readonly fault: string | null;
}

const MAX_REQUESTS = 10_000;
const SECRET_NAMES = new Set(['client_secret', 'refresh_token', 'access_token', 'code']);

export class RequestLog {
  private readonly requests: LoggedRequest[] = [];
  private lastNumber = 0;

  add(request: SandboxRequest, path: string, companyId: number | null, fault: string | null): LoggedRequest {
    this.lastNumber += 1;
    const entry: LoggedRequest = {
      number: this.lastNumber,
      at: new Date().toISOString(),
      method: request.method,
      path,
      query: redacted(request.query),
      companyId,
      body: readBody(request),
      status: 0,
      fault,
    };
    this.requests.push(entry);
    if (this.requests.length > MAX_REQUESTS) this.requests.shift();
    return entry;
  }

  since(number: number): readonly LoggedRequest[] {
    return this.requests.filter((request) => request.number > number);
  }
}

function readBody(request: SandboxRequest): unknown {
  if (request.body === '') return null;
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return redacted(new URLSearchParams(request.body));
  }
  try {
    return JSON.parse(request.body) as unknown;
  } catch {
    return request.body.slice(0, 2_000);
  }
}

const redacted = (pairs: URLSearchParams): Record<string, string> =>
  Object.fromEntries([...pairs].map(([name, value]) => [name, SECRET_NAMES.has(name) ? '(redacted)' : value]));
