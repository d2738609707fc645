import { Agent } from 'undici';

/** Connections to Sage. One for the process; the limits of each instance's connection are the limiter's. */
export function createSageDispatcher(): Agent {
  return new Agent({
    connect: { timeout: 10_000 },
    pipelining: 1,
    allowH2: false,
    // Shorter than what servers keep, so that a request seldom meets a connection that is just being closed
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 30_000,
  });
}
