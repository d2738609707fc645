import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './gateway-process.js';

/** A Redis of the test's own, which can be stopped and started anew on the same port. */
export class RedisProcess {
  private child: ChildProcess | null = null;

  private constructor(private readonly port: number) {}

  /** Null where there is no redis-server to run. */
  static async start(): Promise<RedisProcess | null> {
    const redis = new RedisProcess(await freePort());
    return (await redis.start()) ? redis : null;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get isUp(): boolean {
    return this.child !== null;
  }

  async start(): Promise<boolean> {
    const child = spawn('redis-server', ['--port', String(this.port), '--bind', '127.0.0.1', '--save', ''], {
      stdio: 'ignore',
    });
    const isStarted = await once(child, 'spawn').then(
      () => true,
      () => false,
    );
    this.child = isStarted ? child : null;
    return isStarted;
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}
