import { createServer, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { type Claims, goodClaims } from './bad-tokens.js';

export type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

/** A key pair of an issuer. */
export interface IssuerKey {
  kid: string;
  alg: string;
  privateKey: PrivateKey;
  jwk: JWK;
  sign(claims?: Claims, header?: object): Promise<string>;
}

export async function issuerKey(kid: string, alg = 'ES256', more: JWK = {}): Promise<IssuerKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    kid,
    alg,
    privateKey,
    jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig', ...more },
    sign: (claims = {}, header = {}) =>
      new SignJWT({ ...goodClaims(), ...claims }).setProtectedHeader({ alg, kid, ...header }).sign(privateKey),
  };
}

type Answer = (response: ServerResponse) => void;

/** An address with keys, which counts how often it is asked and can go wrong in every way. */
export interface KeyServer {
  url: string;
  /** Requests so far. */
  asked(): number;
  serve(keys: readonly JWK[]): void;
  answer(how: Answer): void;
  close(): void;
}

export async function startKeyServer(): Promise<KeyServer> {
  let count = 0;
  let how: Answer = (response) => response.end('{"keys":[]}');
  const server = createServer((_request, response) => {
    count += 1;
    how(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}/jwks`,
    asked: () => count,
    serve: (keys) =>
      (how = (response) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }))),
    answer: (given) => (how = given),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What an address can do wrong. */
export const FAULTS: [string, Answer][] = [
  ['HTTP 500', (response) => response.writeHead(500).end('{"keys":[]}')],
  ['HTTP 204', (response) => response.writeHead(204).end()],
  ['a redirect', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ['a page of HTML', (response) => response.end('<html><body>Sign in</body></html>')],
  [
    'half an answer',
    (response) => response.writeHead(200, { 'content-length': '1000' }).write('{"keys":[', () => response.destroy()),
  ],
  ['a list', (response) => response.end('[]')],
  ['null', (response) => response.end('null')],
  ['keys that are no list', (response) => response.end('{"keys":{}}')],
  ['keys that are no keys', (response) => response.end('{"keys":[7]}')],
  ['a megabyte', (response) => response.end(`{"keys":[${' '.repeat(1_048_576)}]}`)],
  ['a connection that is cut', (response) => response.destroy()],
];
