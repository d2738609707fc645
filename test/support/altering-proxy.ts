import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Changes the rows of an answer; `path` is the request's, without the query. */
export type Alteration = (path: string, rows: Record<string, unknown>[]) => void;

export interface AlteringProxy {
  /** In place of the sandbox's API URL. */
  apiUrl: string;
  /** Null: every answer goes through as it is. */
  alteration: Alteration | null;
  close(): Promise<void>;
}

/** Stands before the sandbox and sends rows that a sound Sage would not send. */
export async function startAlteringProxy(sandboxApiUrl: string): Promise<AlteringProxy> {
  const target = new URL(sandboxApiUrl);
  const server: Server = createServer((request, response) => {
    void (async () => {
      const path = request.url ?? '/';
      const headers = new Headers({ authorization: request.headers.authorization ?? '' });
      for (const name of ['x-site', 'x-company']) {
        const value = request.headers[name];
        if (typeof value === 'string') headers.set(name, value);
      }
      const answer = await fetch(`${target.origin}${path}`, { headers });
      const text = await answer.text();
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
      response.end(altered(path.replace(/\?.*$/, ''), text));
    })().catch(() => response.destroy());
  });
  const altered = (path: string, text: string): string => {
    if (!proxy.alteration || !text.startsWith('[{')) return text;
    const rows = JSON.parse(text) as Record<string, unknown>[];
    proxy.alteration(path, rows);
    return JSON.stringify(rows);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: AlteringProxy = {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${target.pathname}`,
    alteration: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}
