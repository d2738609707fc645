/** Longer than this nobody else is kept waiting. */
const TURN_MS = 10;

/** For long work in one process: lets requests, timers and sockets have their turn in between. */
export class Turns {
  private startedAt = performance.now();

  /** Call it between two pieces of work. */
  async share(): Promise<void> {
    if (performance.now() - this.startedAt < TURN_MS) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.startedAt = performance.now();
  }
}
