import { expect, test } from '@jest/globals';
import { numbersFor, stemOf } from '../../src/accounts/made-number.js';

test.each([
  ['Abbey Ltd', 'ABB001'],
  ["  O'Brien", 'OBR001'],
  ['BT', 'BTX001'],
  ['3 Mobile', '3MO001'],
  ['株式会社', 'CUS001'],
])('%s begins with %s', (name, first) => {
  expect(numbersFor(name).next().value).toBe(first);
  expect(first.startsWith(stemOf(name))).toBe(true);
});

test('takes more letters once the short numbers are used up, and never more than eight characters', () => {
  const numbers = [...numbersFor('Abbey Ltd')];
  expect([numbers.length, new Set(numbers).size]).toEqual([2_997, 2_997]);
  expect([numbers[998], numbers[999], numbers.at(-1)]).toEqual(['ABB999', 'ABBE001', 'ABBEY999']);
  expect(numbers.every((number) => number.length <= 8)).toBe(true);
});
