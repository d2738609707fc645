import { expect, test } from '@jest/globals';
import { systemClock } from '../../src/common/clock.js';
import { orderedId } from '../../src/common/ordered-id.js';

const clockAt = (...times: number[]) => ({ ...systemClock, now: () => new Date(times.shift() ?? 0) });

test('ids sort in the order in which they are made, also when the clock stands still or is set back', () => {
  const clock = clockAt(1_000, 1_000, 2_000, 500, 2_001);
  const ids = Array.from({ length: 5 }, () => orderedId(clock, 'same'));
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(5);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
});

test('the same run makes the same ids; what is for another thing is another id', () => {
  expect(orderedId(clockAt(1_000), 1, 'INVOICE', 'A')).toBe(orderedId(clockAt(1_000), 1, 'INVOICE', 'A'));
  expect(orderedId(clockAt(1_000), 1, 'INVOICE', 'A')).not.toBe(orderedId(clockAt(1_000), 1, 'INVOICE', 'B'));
});
