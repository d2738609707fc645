import { randomBytes } from 'node:crypto';

/** Randomness, handed in from the start so that a seed can replay a run. */
export interface Random {
  /** A number in [0, 1), for jitter. */
  fraction(): number;
  /** Unguessable bytes, for ids, nonces and tickets. */
  bytes(length: number): Buffer;
}

export const systemRandom: Random = { fraction: Math.random, bytes: randomBytes };
