import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface QuotingSage {
  url: string;
  /** What stands in the way of requests to these paths from now on; null: nothing. */
  fault: { path: RegExp; status: number } | null;
  /** Every token that went through. */
  tokens: Set<string>;
  close(): Promise<void>;
}

/** Stands before the sandbox. Its errors quote all that they were sent: headers, body, and what personal data they like. */
export async function startQuotingSage(target: string, gossip: string): Promise<QuotingSage> {
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk as string;
      const path = request.url ?? '/';
      const { fault } = sage;
      if (fault?.path.test(path)) {
        const quoted = `${gossip} ${request.headers.authorization} ${JSON.stringify(request.headers)} ${body}`;
        response.writeHead(fault.status, { 'content-type': 'application/json' });
        return response.end(JSON.stringify({ error: 'invalid_client', error_description: quoted, Message: quoted }));
      }
      const { host: _host, connection: _connection, 'accept-encoding': _encoding, ...headers } = request.headers;
      const answer = await fetch(`${target}${path}`, {
        method: request.method,
        headers: headers as Record<string, string>,
        body: body === '' ? undefined : body,
        redirect: 'manual',
      });
      const text = await answer.text();
      for (const [, token = ''] of text.matchAll(/"(?:access|refresh)_token":\s*"([^"]+)"/g)) sage.tokens.add(token);
      const location = answer.headers.get('location');
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? 'text/plain',
        ...(location && { location }),
      });
      return response.end(text);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sage: QuotingSage = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: null,
    tokens: new Set(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return sage;
}
