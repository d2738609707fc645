import { once } from 'node:events';
import { type RawSocket, admittedSocket } from '../support/socket.js';
import { signToken, startTestGateway, type TestGateway, type TestGatewayOptions } from '../support/test-gateway.js';

/** What no answer may hold: frames of a stack, places on the disk, words of the database. */
export const INNER_WORKINGS =
  /node_modules|\bat [\w.<>]+ \(|\.[jt]s:\d|SQLITE_|SELECT .* FROM|ER_[A-Z]+_|syntax error at or near/;

/** A gateway as it stands on the internet: in production mode, and with a rate limit that is in nobody's way. */
export async function startAttackedGateway({ variables, ...options }: TestGatewayOptions = {}): Promise<TestGateway> {
  return startTestGateway({
    isPulled: false,
    ...options,
    variables: {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      RATE_LIMIT_PER_SECOND: '1000000',
      RATE_LIMIT_BURST: '1000000',
      ...variables,
    },
  });
}

export interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

/** Of answers in which a refusal has a status of its own. */
export const GRAPHQL_RESPONSE = 'application/graphql-response+json';

let token: string | undefined;

/** Sends whatever it is, with a good token; GET unless there is a body. */
export async function attack(url: string, { method, path = '', headers, body }: Sent): Promise<Answered> {
  token ??= await signToken();
  const answer = await fetch(new URL(path, url), {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { authorization: `Bearer ${token}`, ...headers },
    body,
    redirect: 'manual',
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: jsonOf(text) };
}

export function postQuery(url: string, query: unknown, more: Record<string, unknown> = {}): Promise<Answered> {
  return attack(url, {
    path: '/graphql',
    headers: { 'content-type': 'application/json', accept: GRAPHQL_RESPONSE },
    body: JSON.stringify({ query, ...more }),
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The codes of an answer's errors; none for one that came with data. */
export const codesOf = ({ body }: Answered): string[] =>
  body?.data ? [] : (body?.errors ?? []).map(({ extensions }: { extensions: { code: string } }) => extensions.code);

/** Operations over one socket, one answer each. */
export class AttackSocket {
  private count = 0;

  private constructor(readonly raw: RawSocket) {}

  static async open(gateway: Pick<TestGateway, 'url'>): Promise<AttackSocket> {
    return new AttackSocket(await admittedSocket(gateway));
  }

  /** The first message that answers it. */
  // oxlint-disable-next-line typescript/no-explicit-any
  async subscribe(query: string, variables?: unknown): Promise<{ type: string; payload?: any }> {
    this.count += 1;
    const id = String(this.count);
    this.raw.send({ id, type: 'subscribe', payload: { query, variables } });
    const ofIt = () => this.raw.messages.findIndex((message) => message.id === id);
    // a frame may bring another operation's answer
    while (ofIt() < 0) await once(this.raw.socket, 'message', { signal: AbortSignal.timeout(10_000) });
    const [message] = this.raw.messages.splice(ofIt(), 1);
    return message as never;
  }

  close(): void {
    this.raw.socket.terminate();
  }
}
