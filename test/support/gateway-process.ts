import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { SecretWatch, secretsOf } from './secret-canaries.js';

const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

/** A gateway as it is run: the built program in a process of its own, always on the same port, which can be killed and started anew. */
export class GatewayProcess {
  private child: ChildProcess | null = null;
  /** What it has logged, errors only. */
  logged = '';
  private readonly watch: SecretWatch;

  private constructor(
    readonly port: number,
    private readonly variables: Record<string, string>,
  ) {
    this.watch = new SecretWatch(secretsOf(variables));
  }

  static async prepare(variables: Record<string, string>): Promise<GatewayProcess> {
    return new GatewayProcess(await freePort(), variables);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/graphql`;
  }

  start(): void {
    this.child = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env.PATH, ...this.variables, PORT: String(this.port), LOG_LEVEL: 'error' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.child.stdout?.on('data', (data: Buffer) => (this.logged += data.toString()));
  }

  async isReady(): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/health/ready`).catch(() => null);
    return answer?.ok ?? false;
  }

  /** SIGKILL: nothing is finished, nothing is said. Throws when what it had logged holds a secret. */
  async kill(): Promise<void> {
    this.watch.look('the log of a process', this.logged);
    this.watch.end();
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
