import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.js';
import type { Random } from './random.js';

let lastMs = 0;
let lastSerial = 0;

/**
 * An id of 32 hexadecimal digits that sorts by the time when it was made, and inside this process by the order: milliseconds,
 * a serial number within them, and chance.
 */
export function orderedId(clock: Clock, random: Pick<Random, 'bytes'> = { bytes: randomBytes }): string {
  const ms = Math.max(clock.now().getTime(), lastMs);
  lastSerial = ms === lastMs ? lastSerial + 1 : 0;
  lastMs = ms;
  return (
    ms.toString(16).padStart(12, '0') +
    lastSerial.toString(16).padStart(5, '0') +
    random.bytes(8).toString('hex').slice(0, 15)
  );
}
