import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sandbox } from '../../src/sandbox/sandbox.js';

/** One address of Sage with several customers behind it, as Sage's own is: whose ledger it is, the sign-in decides. */
export interface SageSwitchboard {
  authUrl: string;
  apiUrl: string;
  /** Who signs in from now on: the person at the browser is of this customer. */
  person: Sandbox;
  close(): Promise<void>;
}

const PASSED_ON = ['authorization', 'content-type', 'x-site', 'x-company', 'accept', 'prefer'];

/** Remembers which sandbox has issued a code or a token, and sends each request to the one whose it is. */
export async function startSwitchboard(person: Sandbox): Promise<SageSwitchboard> {
  const issuedBy = new Map<string, Sandbox>();
  const ownerOf = (path: string, authorization: string, form: URLSearchParams): Sandbox | undefined => {
    if (path.startsWith('/authorize')) return board.person;
    if (path === '/oauth/token') return issuedBy.get(form.get('code') ?? form.get('refresh_token') ?? '');
    return issuedBy.get(authorization.replace('Bearer ', ''));
  };
  const passOn = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '/';
    const body = await bodyOf(request);
    const owner = ownerOf(path, request.headers.authorization ?? '', new URLSearchParams(body));
    if (!owner) return void response.writeHead(401).end();
    const headers = PASSED_ON.flatMap((name) => (request.headers[name] ? [[name, String(request.headers[name])]] : []));
    const answer = await fetch(`${owner.url}${path}`, {
      method: request.method,
      headers: headers as [string, string][],
      body: request.method === 'GET' ? undefined : body,
      redirect: 'manual',
    });
    const text = await answer.text();
    const location = answer.headers.get('location');
    if (location) issuedBy.set(new URL(location).searchParams.get('code') ?? '', owner);
    if (path === '/oauth/token' && answer.ok) {
      const { access_token, refresh_token } = JSON.parse(text) as Record<string, string>;
      for (const token of [access_token, refresh_token]) issuedBy.set(token ?? '', owner);
    }
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'text/plain',
      ...(location ? { location } : {}),
    });
    response.end(text);
  };
  const server = createServer((request, response) => {
    passOn(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const board: SageSwitchboard = {
    authUrl: url,
    apiUrl: `${url}${new URL(person.apiUrl).pathname}`,
    person,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return board;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
