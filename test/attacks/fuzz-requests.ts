import { Buffer } from 'node:buffer';
import type { Random } from '../../src/sandbox/demo/random.js';
import type { FuzzDocuments } from './fuzz-documents.js';

export interface FuzzRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS' | 'HEAD';
  path: string;
  headers: Record<string, string>;
  body: Buffer | null;
}

const ODD_HEADERS: readonly Record<string, string>[] = [
  { accept: 'text/html' },
  { accept: 'application/graphql-response+json' },
  { accept: 'multipart/mixed; deferSpec=20220824' },
  { accept: '*/*;q=x, ,;' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'application/graphql' },
  { 'content-type': 'multipart/form-data; boundary=' },
  { 'content-type': ';' },
  { 'content-encoding': 'gzip' },
  { 'apollo-require-preflight': '' },
  { 'x-apollo-operation-name': 'a'.repeat(2_000) },
  { origin: 'null' },
  { origin: 'https://elsewhere.example' },
  { 'x-forwarded-for': '::1, 127.0.0.1' },
  { authorization: 'Bearer' },
  { authorization: `Bearer ${'a.'.repeat(500)}` },
  { 'if-none-match': '*', range: 'bytes=0-1' },
];

/** Requests with something wrong in the document, the variables, the JSON around them, the headers, the method or the path. */
export class FuzzRequests {
  constructor(
    private readonly random: Random,
    private readonly documents: FuzzDocuments,
  ) {}

  next(): FuzzRequest {
    const { random } = this;
    const json = JSON.stringify(this.envelope());
    const headers = random.chance(0.15) ? random.pick(ODD_HEADERS) : {};
    if (random.chance(0.1)) return this.byAddress(headers);
    const body = random.chance(0.15) ? this.damaged(Buffer.from(json)) : Buffer.from(json);
    const method = random.chance(0.02) ? random.pick(['PUT', 'DELETE', 'OPTIONS'] as const) : 'POST';
    const path = random.chance(0.02)
      ? random.pick(['/graphql/', '/graphql?x=%ff', '/%00', '//graphql', '/graphql;a=b'])
      : '/graphql';
    return { method, path, headers: { 'content-type': 'application/json', ...headers }, body };
  }

  private envelope(): unknown {
    const { random, documents } = this;
    const request: Record<string, unknown> = documents.next() as unknown as Record<string, unknown>;
    if (random.chance(0.1)) request.operationName = documents.oddValue();
    if (random.chance(0.05)) request.extensions = documents.oddValue();
    if (random.chance(0.05)) request.query = documents.oddValue();
    if (random.chance(0.03)) request.extensions = { persistedQuery: { version: 1, sha256Hash: documents.oddValue() } };
    if (random.chance(0.02)) return Array.from({ length: random.integer(0, 12) }, () => request);
    return random.chance(0.02) ? documents.oddValue() : request;
  }

  private byAddress(headers: Record<string, string>): FuzzRequest {
    const { query, variables } = this.documents.next();
    const given = { query: query.slice(0, 3_000), variables: JSON.stringify(variables)?.slice(0, 2_000) ?? '' };
    const encoded = Object.entries(given).map(([name, value]) => `${name}=${encodedOf(value)}`);
    if (this.random.chance(0.2)) encoded.push(`query=${encodedOf(query.slice(0, 100))}`);
    const path = `/graphql?${encoded.join('&')}`;
    const method = this.random.chance(0.05) ? 'HEAD' : 'GET';
    return { method, path, headers: { 'apollo-require-preflight': '1', ...headers }, body: null };
  }

  private damaged(body: Buffer): Buffer {
    const { random } = this;
    const at = random.integer(0, Math.max(0, body.length - 1));
    return random.pick([
      () => body.subarray(0, at),
      () => Buffer.concat([body.subarray(0, at), Buffer.from([random.integer(0, 255)]), body.subarray(at + 1)]),
      () => Buffer.concat([body, body]),
      () => Buffer.concat([Buffer.from('{"__proto__":{"a":1},'), body.subarray(1)]),
      () => Buffer.from('['.repeat(random.integer(1, 5_000))),
      () => Buffer.alloc(0),
    ])();
  }
}

/** Half a surrogate cannot be written in an address. */
const encodedOf = (text: string) => encodeURIComponent(Buffer.from(text).toString());
