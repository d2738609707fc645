import { Buffer } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { Clock } from '../common/clock.js';

const unzip = promisify(gunzip);

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT';
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** Over everything from the call to the last byte of the answer. */
  timeoutMs: number;
  maxBytes: number;
  signal?: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
  /** Why the body is not whole; null when it is. */
  broken: Error | null;
}

/** No answer came. `wasSent` is false only when not one byte of the request had gone out. */
export class ExchangeError extends Error {
  constructor(
    readonly reason: 'timeout' | 'aborted' | 'network',
    readonly wasSent: boolean,
    override readonly cause: Error,
  ) {
    super(cause.message);
    this.name = 'ExchangeError';
  }
}

class BodyTooLarge extends Error {}

/**
 * One request and its whole answer, by undici's lowest interface: it alone tells whether the request was begun on a socket.
 * (undici calls `onRequestStart` after the connection stands, TLS included, and just before the first byte; client-h1.js, writeH1.)
 */
export function exchange(dispatcher: Dispatcher, clock: Clock, request: HttpRequest): Promise<HttpAnswer> {
  const url = new URL(request.url);
  return new Promise((resolve, reject) => {
    const settled = new AbortController();
    let wasSent = false;
    let controller: Dispatcher.DispatchController | null = null;
    let status = 0;
    let headers: HttpAnswer['headers'] = {};
    let size = 0;
    const chunks: Buffer[] = [];

    const fail = (reason: ExchangeError['reason'], cause: Error) => {
      if (settled.signal.aborted) return;
      settled.abort();
      controller?.abort(cause);
      if (status >= 200 && reason === 'network') return resolve({ status, headers, text: '', broken: cause });
      reject(new ExchangeError(reason, wasSent, cause));
    };
    const onAbort = () => fail('aborted', request.signal?.reason as Error);
    request.signal?.addEventListener('abort', onAbort, { once: true });
    settled.signal.addEventListener('abort', () => request.signal?.removeEventListener('abort', onAbort));
    void clock.sleep(request.timeoutMs, settled.signal).then(() => {
      fail('timeout', new Error(`No whole answer within ${request.timeoutMs} ms`));
    });
    if (request.signal?.aborted) return onAbort();

    dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        // undici's own are nets below ours
        headersTimeout: request.timeoutMs + 5_000,
        bodyTimeout: request.timeoutMs + 5_000,
      },
      {
        onRequestStart(started) {
          // Given up while it waited for a connection: it must not go out behind the caller's back
          if (settled.signal.aborted) return started.abort(new Error('Given up before it was sent'));
          controller = started;
          wasSent = true;
        },
        onResponseStart(_controller, statusCode, responseHeaders) {
          if (statusCode < 200) return;
          status = statusCode;
          headers = responseHeaders;
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          if (size > request.maxBytes)
            return fail('network', new BodyTooLarge(`The answer is over ${request.maxBytes} bytes`));
          chunks.push(chunk);
        },
        onResponseEnd() {
          if (settled.signal.aborted) return;
          settled.abort();
          decodeBody(Buffer.concat(chunks), headers, request.maxBytes).then(
            (text) => resolve({ status, headers, text, broken: null }),
            (error: Error) => resolve({ status, headers, text: '', broken: error }),
          );
        },
        onResponseError(_controller, error) {
          fail('network', error);
        },
      },
    );
  });
}

async function decodeBody(body: Buffer, headers: HttpAnswer['headers'], maxBytes: number): Promise<string> {
  const encoding = headers['content-encoding'];
  const bytes = encoding === 'gzip' ? await unzip(body, { maxOutputLength: maxBytes }) : body;
  // TextDecoder also takes the byte order mark off that .NET likes to write
  return new TextDecoder('utf-8').decode(bytes);
}
