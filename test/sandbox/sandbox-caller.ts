// A small sandbox of its own, called over HTTP as any client would, with a clock that the test moves.
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.js';

export const ANCHOR = '2026-06-15';
export const COMPANY = 1;
export const STANDARD_TAX = 23941;
export const ZERO_TAX = 23942;
export const BANK = 1201;

export type Row = Record<string, unknown>;

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** The body as JSON. */
  readonly body: Row;
}

export interface Caller {
  readonly sandbox: Sandbox;
  readonly clock: { ms: number };
  call(method: string, path: string, body?: unknown, init?: RequestInit): Promise<Answer>;
  /** Rows of a list; the options are encoded here. */
  list(path: string, options?: Readonly<Record<string, string>>): Promise<Row[]>;
  /** A fresh account without transactions. */
  newCustomer(fields?: Row): Promise<number>;
  close(): Promise<void>;
}

export async function startCaller(options: SandboxOptions = {}): Promise<Caller> {
  const clock = { ms: Date.parse(`${ANCHOR}T10:00:00Z`) };
  const sandbox = await startSandbox({
    customers: 40,
    transactions: 300,
    anchorDate: ANCHOR,
    now: () => clock.ms,
    ...options,
  });
  const site = sandbox.control.status().companies.find(({ companyId }) => companyId === COMPANY)?.siteId ?? '';
  const { access_token: token } = sandbox.control.signIn();
  let customers = 0;
  const call: Caller['call'] = async (method, path, body, init = {}) => {
    const answer = await fetch(`${sandbox.apiUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'x-site': site,
        'x-company': String(COMPANY),
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...init,
    });
    const text = await answer.text();
    return {
      status: answer.status,
      text,
      headers: answer.headers,
      get body() {
        return JSON.parse(text) as Row;
      },
    };
  };
  const list: Caller['list'] = async (path, query = {}) => {
    const { status, text } = await call('GET', `${path}?${new URLSearchParams(query).toString()}`);
    if (status !== 200) throw new Error(`${path} was answered ${status}: ${text}`);
    return JSON.parse(text) as Row[];
  };
  const newCustomer: Caller['newCustomer'] = async (fields = {}) => {
    customers += 1;
    const { status, text, body } = await call('POST', '/customers', {
      reference: `NEW${String(customers).padStart(4, '0')}`,
      name: `New Customer ${customers}`,
      ...fields,
    });
    if (status !== 200) throw new Error(`The customer was answered ${status}: ${text}`);
    return body['id'] as number;
  };
  return { sandbox, clock, call, list, newCustomer, close: () => sandbox.close() };
}
