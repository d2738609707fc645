import type { Dispatcher } from 'undici';
import type { Clock } from '../common/clock.js';
import type { Log } from '../common/log.js';
import type { Random } from '../common/random.js';
import type { AccessTokenSource } from './access-token-source.js';
import { type ContactOutcome, contactOf } from './contact-outcome.js';
import { exchange, ExchangeError, type HttpAnswer } from './http-exchange.js';
import { type Query, requestUrl } from './odata.js';
import { RefusedCompanies } from './refused-companies.js';
import { RequestLimiter } from './request-limiter.js';
import { retryWaitMs } from './retry-table.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { badAnswer, SageError } from './sage-error.js';
import { errorOfAnswer, errorOfExchange, requestIdsOf } from './sage-fault.js';
import { parseSageJson, sageJson } from './sage-json.js';

export interface SageClientOptions {
  /** The edition's base URL, without a slash at the end. */
  apiUrl: string;
  tokens: AccessTokenSource;
  dispatcher: Dispatcher;
  clock: Clock;
  random: Random;
  log: Log;
  requestTimeoutMs: number;
  maxConcurrency: number;
  maxRequestsPerSecond: number;
  /** The connection's own, shared with its token calls; made from the two limits when left out. */
  limiter?: RequestLimiter;
  /** Told after requests whether Sage's server could be reached. */
  onContact?: (outcome: ContactOutcome) => void;
}

export interface SageRequest {
  /** Left out for `/sites` only. */
  company?: SageCompanyRef;
  query?: Query;
  signal?: AbortSignal;
  /**
   * Of a POST or PUT: run when its turn has come, right before the first byte goes out, and again before the one more try after a
   * 401. What it throws comes out as it is, and nothing was sent.
   */
  beforeSend?: () => Promise<void>;
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** The one way to Sage 200's API: every header, time-out, limit and retry. One for each connection of an instance. */
export class SageClient {
  readonly limiter: RequestLimiter;
  private readonly refused: RefusedCompanies;
  private timeoutsInARow = 0;

  constructor(private readonly options: SageClientOptions) {
    this.limiter = options.limiter ?? new RequestLimiter(options);
    this.refused = new RefusedCompanies(options.clock);
  }

  /** The length that a URL has to which `path` and `query` lead. */
  urlLength(path: string, query: Query): number {
    return requestUrl(this.options.apiUrl, path, query).length;
  }

  /** The parsed answer. Tries again what the retry table allows. Throws SageError, or the signal's reason. */
  async get(path: string, request: SageRequest = {}): Promise<unknown> {
    const { clock, random, log } = this.options;
    for (let triesMade = 1; ; triesMade += 1) {
      try {
        return await this.withRefresh('GET', path, request, undefined);
      } catch (error) {
        if (!(error instanceof SageError) || request.signal?.aborted) throw error;
        const waitMs = retryWaitMs(error, triesMade, random.fraction());
        if (waitMs === null) throw this.giveUp(error);
        log.info({ path, kind: error.kind, status: error.httpStatus, triesMade, waitMs }, 'asking Sage again');
        await clock.sleep(waitMs, request.signal);
        request.signal?.throwIfAborted();
      }
    }
  }

  /** The rows of a list: a bare array, or `{"value": […]}` (sage200.md §1.6). Throws as `get` does. */
  async list(path: string, request: SageRequest = {}): Promise<unknown[]> {
    const answer = await this.get(path, request);
    if (Array.isArray(answer)) return answer;
    const value = typeof answer === 'object' && answer !== null ? (answer as { value?: unknown }).value : undefined;
    if (Array.isArray(value)) return value;
    throw badAnswer(`Sage's answer to ${path} is no list.`);
  }

  /**
   * Sends a body once; the answer is the parsed 2xx, or null for 204. It is never sent again but after a 401, which was not applied.
   * The signal counts until the request has gone out: breaking it off then would only hide what came of it.
   */
  post(path: string, body: unknown, request: SageRequest): Promise<unknown> {
    return this.write('POST', path, body, request);
  }

  put(path: string, body: unknown, request: SageRequest): Promise<unknown> {
    return this.write('PUT', path, body, request);
  }

  /** Says that Sage's server was reached, for what tells more than an answer does: a list of sites that is not empty. */
  reportReached(): void {
    this.options.onContact?.({ reached: true, message: null });
  }

  private async write(method: 'POST' | 'PUT', path: string, body: unknown, request: SageRequest): Promise<unknown> {
    try {
      return await this.withRefresh(method, path, request, sageJson(body));
    } catch (error) {
      if (error instanceof SageError) throw this.giveUp(error);
      if (!request.signal?.aborted) throw error;
      // The signal counts only before the request goes out
      throw new SageError({
        kind: 'unreachable',
        message: 'Given up before it was sent.',
        retryable: true,
        provablyNotApplied: true,
        cause: error,
      });
    }
  }

  /** After a 401 one refresh and one more try. A second 401 is the company's: "no access" looks just like "expired" (sage200.md §2.2). */
  private async withRefresh(
    method: Method,
    path: string,
    request: SageRequest,
    body: string | undefined,
  ): Promise<unknown> {
    const token = await beforeSending(() => this.options.tokens.accessToken());
    try {
      return await this.once(method, path, request, body, token);
    } catch (error) {
      if (!isUnauthorized(error) || this.refused.isRefused(request.company, token)) throw error;
    }
    const fresh = await beforeSending(() => this.options.tokens.refresh(token));
    try {
      return await this.once(method, path, request, body, fresh);
    } catch (error) {
      if (isUnauthorized(error)) this.refused.add(request.company, fresh);
      throw error;
    }
  }

  private async once(
    method: Method,
    path: string,
    request: SageRequest,
    body: string | undefined,
    token: string,
  ): Promise<unknown> {
    const answer = await this.limiter.run(() => this.exchange(method, path, request, body, token), request.signal);
    this.timeoutsInARow = 0;
    const ids = requestIdsOf(answer.headers);
    this.options.log.debug({ method, path, status: answer.status, ...ids }, 'Sage answered');
    if (answer.status < 200 || answer.status > 299)
      throw errorOfAnswer(withoutToken(answer, token), this.options.clock);
    const parsed = parsedBody(answer, path);
    this.refused.remove(request.company);
    if (request.company) this.reportReached();
    return parsed;
  }

  private async exchange(
    method: Method,
    path: string,
    { company, query, signal, beforeSend }: SageRequest,
    body: string | undefined,
    token: string,
  ): Promise<HttpAnswer> {
    const { dispatcher, clock, apiUrl, requestTimeoutMs } = this.options;
    await beforeSend?.();
    try {
      const answer = await exchange(dispatcher, clock, {
        method,
        url: requestUrl(apiUrl, path, query ?? {}),
        headers: headersOf(token, company, body),
        body,
        timeoutMs: requestTimeoutMs,
        maxBytes: MAX_BODY_BYTES,
        signal: method === 'GET' ? signal : undefined,
      });
      // Inside the turn, so that nothing else starts between the 429 and the pause
      if (answer.status === 429) this.limiter.pause(errorOfAnswer(answer, clock).retryAfterMs ?? 0);
      return answer;
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      throw error.reason === 'aborted' ? error.cause : errorOfExchange(error);
    }
  }

  private giveUp(error: SageError): SageError {
    const { log, onContact } = this.options;
    log.warn({ kind: error.kind, status: error.httpStatus, ...error.requestIds }, 'a request to Sage failed');
    this.timeoutsInARow = error.kind === 'timeout' ? this.timeoutsInARow + 1 : 0;
    const outcome = contactOf(error, this.timeoutsInARow);
    if (outcome) onContact?.(outcome);
    return error;
  }
}

type Method = 'GET' | 'POST' | 'PUT';

/** A token that could not be had, for whatever reason, means that nothing was sent. */
async function beforeSending(work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SageError) throw error;
    throw new SageError({
      kind: 'unreachable',
      message: 'The stored sign-in to Sage could not be read.',
      retryable: true,
      provablyNotApplied: true,
      isSignInFault: true,
      cause: error,
    });
  }
}

/** A proxy's error page may quote the request's headers, and what an error says is kept. */
function withoutToken(answer: HttpAnswer, token: string): HttpAnswer {
  return { ...answer, text: answer.text.replaceAll(token, '…') };
}

function headersOf(
  token: string,
  company: SageCompanyRef | undefined,
  body: string | undefined,
): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    'accept-encoding': 'gzip',
    ...(company && { 'x-site': company.siteId, 'x-company': String(company.companyId) }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
}

function parsedBody(answer: HttpAnswer, path: string): unknown {
  if (answer.status === 204) return null;
  const details = { httpStatus: answer.status, requestIds: requestIdsOf(answer.headers), retryable: true };
  if (answer.broken) throw badAnswer(`Sage's answer to ${path} broke off.`, { ...details, cause: answer.broken });
  try {
    return parseSageJson(answer.text);
  } catch {
    // The parser's own message quotes the body
    throw badAnswer(`Sage's answer to ${path} is no JSON.`, details);
  }
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof SageError && error.kind === 'unauthorized';
}
