import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  method: string;
  path: string;
  /** Decoded. */
  query: Record<string, string>;
  headers: IncomingMessage['headers'];
  body: string;
  at: number;
  rawUrl: string;
}

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  text?: string;
  delayMs?: number;
}

/** What the server plays: an answer, or one of the faults of the road between the gateway and Sage. */
export type Step = Answer | 'reset' | 'hang' | 'hang-in-body' | 'truncate' | 'cut-json' | 'empty' | 'html-502';
type Script = (request: SeenRequest) => Step | Promise<Step>;

/** A small HTTP server that plays what a test tells it, and remembers what it was asked. */
export class ScriptedServer {
  readonly seen: SeenRequest[] = [];
  maxRunning = 0;
  private running = 0;
  private steps: Step[] = [];
  private script: Script = () => ({ status: 404, json: { Message: 'nothing is scripted' } });

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ScriptedServer> {
    const server = createServer();
    const scripted = new ScriptedServer(server);
    server.on('request', (request, response) => void scripted.handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Plays these first, one a request, then what `answer` says. */
  play(...steps: Step[]): void {
    this.steps.push(...steps);
  }

  answer(script: Script): void {
    this.script = script;
  }

  reset(): void {
    this.seen.length = 0;
    this.steps = [];
    this.maxRunning = 0;
    this.script = () => ({ status: 404, json: { Message: 'nothing is scripted' } });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.running += 1;
    this.maxRunning = Math.max(this.maxRunning, this.running);
    response.on('close', () => (this.running -= 1));
    const at = performance.now();
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk as string;
    const url = new URL(request.url ?? '/', 'http://sage');
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body,
      at,
      rawUrl: request.url ?? '',
    };
    this.seen.push(seen);
    await respond(response, this.steps.shift() ?? (await this.script(seen)));
  }
}

async function respond(response: ServerResponse, step: Step): Promise<void> {
  switch (step) {
    case 'reset':
      return void response.socket?.resetAndDestroy();
    case 'hang':
      return;
    case 'hang-in-body':
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.write('[{"id":1');
    case 'truncate':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('[{"id":1');
      await new Promise((resolve) => setTimeout(resolve, 20));
      return void response.socket?.destroy();
    case 'cut-json':
      return void response.writeHead(200, { 'content-type': 'application/json' }).end('[{"id":1},{"id":');
    case 'empty':
      return void response.writeHead(200).end();
    case 'html-502':
      return void response
        .writeHead(502, { 'content-type': 'text/html', 'cf-ray': 'ray-502', 'x-ms-proxy-transaction-id': 'tx-502' })
        .end('<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>');
    default: {
      if (step.delayMs) await new Promise((resolve) => setTimeout(resolve, step.delayMs));
      const text = step.text ?? (step.json === undefined ? '' : JSON.stringify(step.json));
      response.writeHead(step.status ?? 200, { 'content-type': 'application/json', ...step.headers }).end(text);
    }
  }
}
