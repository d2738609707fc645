import { hash } from 'node:crypto';
import type { Clock } from './clock.js';

interface Last {
  ms: number;
  serial: number;
}

/** By clock: a clock of a simulation has an order of its own. */
const lastOf = new WeakMap<Clock, Last>();

/**
 * An id of 32 hexadecimal digits that sorts by the time when it was made, and inside this process by the order: milliseconds, a serial
 * number within them, and a hash of what it is for. No chance is in it, so that a run can be replayed; two processes that make
 * one in the same millisecond make it for different things, as the rows behind them are locked.
 */
export function orderedId(clock: Clock, ...subject: readonly unknown[]): string {
  const last = lastOf.get(clock) ?? { ms: 0, serial: 0 };
  const ms = Math.max(clock.now().getTime(), last.ms);
  const serial = ms === last.ms ? last.serial + 1 : 0;
  lastOf.set(clock, { ms, serial });
  const parts = [ms.toString(16).padStart(12, '0'), serial.toString(16).padStart(5, '0')];
  return parts.join('') + hash('sha256', JSON.stringify(subject), 'hex').slice(0, 15);
}
