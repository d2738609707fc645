import { type Dispatcher, request } from 'undici';
import type { Clock } from '../common/clock.js';
import type { Log } from '../common/log.js';
import type { Random } from '../common/random.js';
import { errorOfAnswer, errorOfTransport, requestIdsOf } from './answer-error.js';
import type { RequestLimiter } from './request-limiter.js';
import { retryDelayMs } from './retry-table.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { SageError } from './sage-error.js';
import { parseSageJson } from './sage-json.js';

/** Where access tokens come from. */
export interface AccessTokenSource {
  accessToken(): Promise<string>;
  /** A token other than the one that Sage has just refused. */
  refresh(rejectedToken: string): Promise<string>;
}

export interface SageClientOptions {
  /** The edition's base URL, without a slash at its end. */
  apiUrl: string;
  tokens: AccessTokenSource;
  limiter: RequestLimiter;
  dispatcher: Dispatcher;
  clock: Clock;
  random: Random;
  log: Log;
  requestTimeoutMs: number;
  /** Told of every exchange: null when Sage has answered, the error when it could not be reached or refused the sign-in. */
  onContact?(error: SageError | null): void;
}

interface SageRequest {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  query?: Record<string, string>;
  company: SageCompanyRef | null;
  body?: unknown;
  signal?: AbortSignal;
}

const MAX_BODY_BYTES = 64 * 1_024 * 1_024;

/**
 * The one client of Sage 200's API, for one connection. Reads are tried again by the retry table; a POST or PUT never is,
 * except after a 401, which says that nothing was done. Every failure is a SageError.
 */
export class SageClient {
  constructor(private readonly options: SageClientOptions) {}

  /** A list, whether the answer is a bare array or `{value: […]}` (sage200.md §1.6). */
  async getList(
    company: SageCompanyRef | null,
    path: string,
    query: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<unknown[]> {
    const answer = await this.get(company, path, query, signal);
    if (Array.isArray(answer)) return answer;
    const value = (answer as { value?: unknown } | null)?.value;
    if (Array.isArray(value)) return value;
    throw new SageError('bad_answer', `Sage answered ${path} with something that is no list.`);
  }

  async get(
    company: SageCompanyRef | null,
    path: string,
    query: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.send({ method: 'GET', path, query, company, signal });
      } catch (error) {
        const delay = error instanceof SageError ? retryDelayMs(error, attempt, this.options.random) : null;
        if (delay === null || signal?.aborted) throw error;
        await this.options.clock.sleep(delay, signal);
        signal?.throwIfAborted();
      }
    }
  }

  /** The answer of a POST, parsed. It is sent once; `provablyNotApplied` of the error says whether Sage may have done it. */
  post(company: SageCompanyRef, path: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
    return this.send({ method: 'POST', path, company, body, signal });
  }

  put(company: SageCompanyRef, path: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
    return this.send({ method: 'PUT', path, company, body, signal });
  }

  /** Once, and once more with a fresh token after a 401. A second 401 means "no access to this company" (sage200.md §2.2). */
  private async send(sageRequest: SageRequest): Promise<unknown> {
    const token = await this.options.tokens.accessToken();
    try {
      return await this.exchange(sageRequest, token);
    } catch (error) {
      if (!(error instanceof SageError) || error.kind !== 'unauthorized') throw error;
      const fresh = await this.options.tokens.refresh(token);
      return this.exchange(sageRequest, fresh);
    }
  }

  private async exchange(sageRequest: SageRequest, token: string): Promise<unknown> {
    const { limiter, onContact } = this.options;
    try {
      const answer = await limiter.run(() => this.exchangeNow(sageRequest, token), sageRequest.signal);
      onContact?.(null);
      return answer;
    } catch (error) {
      if (error instanceof SageError) {
        if (error.kind === 'rate_limited') limiter.pause(error.retryAfterMs ?? 1_000);
        onContact?.(error.kind === 'unreachable' || error.kind === 'timeout' || isGatewayFault(error) ? error : null);
      }
      throw error;
    }
  }

  private async exchangeNow(sageRequest: SageRequest, token: string): Promise<unknown> {
    const { method, path, query = {}, company, body, signal } = sageRequest;
    const startedAt = this.options.clock.now().getTime();
    const deadline = AbortSignal.timeout(this.options.requestTimeoutMs);
    const search = new URLSearchParams(query).toString();
    let status: number | null = null;
    try {
      const answer = await request(`${this.options.apiUrl}${path}${search === '' ? '' : `?${search}`}`, {
        method,
        dispatcher: this.options.dispatcher,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          ...(company ? { 'x-site': company.siteId, 'x-company': String(company.companyId) } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
        headersTimeout: this.options.requestTimeoutMs,
        bodyTimeout: this.options.requestTimeoutMs,
      });
      status = answer.statusCode;
      const text = await readBounded(answer.body);
      this.log(sageRequest, startedAt, status, answer.headers);
      if (status < 200 || status > 299) throw errorOfAnswer(status, text, answer.headers);
      return parseAnswer(path, text, status, answer.headers);
    } catch (error) {
      if (error instanceof SageError) throw error;
      signal?.throwIfAborted();
      throw errorOfTransport(error, status !== null);
    }
  }

  private log(
    { method, path, company }: SageRequest,
    startedAt: number,
    status: number,
    headers: Record<string, unknown>,
  ): void {
    const durationMs = this.options.clock.now().getTime() - startedAt;
    const fields = { method, path, company: company?.companyId, status, durationMs, ...requestIdsOf(headers) };
    if (status >= 400) this.options.log.warn(fields, 'sage: refused or failed');
    else this.options.log.debug(fields, 'sage: answered');
  }
}

function isGatewayFault(error: SageError): boolean {
  return error.httpStatus === 502 || error.httpStatus === 503 || error.httpStatus === 504;
}

function parseAnswer(path: string, text: string, httpStatus: number, headers: Record<string, unknown>): unknown {
  try {
    return parseSageJson(text);
  } catch (cause) {
    const requestIds = requestIdsOf(headers);
    throw new SageError('bad_answer', `Sage's answer to ${path} is cut off or no JSON.`, {
      httpStatus,
      requestIds,
      retryable: true,
      cause,
    });
  }
}

async function readBounded(body: Dispatcher.ResponseData['body']): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    const bytes = part as Buffer;
    size += bytes.length;
    if (size > MAX_BODY_BYTES) {
      body.destroy();
      throw new SageError('bad_answer', `Sage's answer is larger than ${MAX_BODY_BYTES} bytes.`);
    }
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}
