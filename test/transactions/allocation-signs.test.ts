import { expect, test } from '@jest/globals';
import { signedAllocations } from '../../src/transactions/allocation-signs.js';

test.each([
  ["as this side's sign", [70n, 30n], 100n, [70n, 30n]],
  ["as the other side's", [-70n, -30n], 100n, [70n, 30n]],
  ['without a sign, of a credit', [70n, 30n], -100n, [-70n, -30n]],
  ['an invoice and a credit note on one receipt', [100n, -30n], -70n, [-100n, 30n]],
  ['sizes of a mixed session', [100n, -30n], 130n, [100n, 30n]],
  ['nothing that adds up stays as it came', [50n], 100n, [50n]],
  ['none', [], 0n, []],
])('allocations %s', (_case, amounts, allocated, expected) => {
  expect(signedAllocations(amounts, allocated)).toEqual(expected);
});
