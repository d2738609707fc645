import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { currencyDigits, isCurrencyCode } from '../../src/common/currency.js';
import { decimalFromMinor, MAX_MINOR, minorFromDecimal, Money } from '../../src/common/money.js';

test.each([
  ['0', 2, 0n],
  ['12.5', 2, 1250n],
  ['-303.60', 2, -30360n],
  ['12.500', 2, 1250n],
  ['1000', 0, 1000n],
  ['1.005', 3, 1005n],
  ['90071992547409.91', 2, MAX_MINOR],
])('the decimal %s with %d digits is %d minor units', (text, digits, minor) => {
  expect(minorFromDecimal(text, digits)).toBe(minor);
});

test.each(['', '-', '1.', '.5', '1e3', '12.345', '1,000', ' 1', '٣', '90071992547409.92', 'NaN'])(
  '"%s" is refused rather than rounded',
  (text) => {
    expect(minorFromDecimal(text, 2)).toBeNull();
  },
);

test('text and minor units say the same, whatever the amount and the digits', () => {
  const amounts = fc.bigInt({ min: -MAX_MINOR, max: MAX_MINOR });
  fc.assert(
    fc.property(amounts, fc.integer({ min: 0, max: 4 }), (minor, digits) => {
      expect(minorFromDecimal(decimalFromMinor(minor, digits), digits)).toBe(minor);
    }),
  );
});

test('adding is exact where doubles are not', () => {
  const dime = Money.ofMinor(10, 'GBP');
  expect(dime.plus(Money.ofMinor(20, 'GBP')).amount).toBe('0.30');
  expect(Money.ofMinor(-5, 'GBP').amount).toBe('-0.05');
  expect(Money.ofMinor(1000, 'JPY').amount).toBe('1000');
  expect(Money.ofMinor(1005, 'KWD').amount).toBe('1.005');
});

test('amounts of two currencies do not add up or compare', () => {
  expect(() => Money.zero('GBP').plus(Money.zero('EUR'))).toThrow('GBP and EUR');
  expect(() => Money.zero('GBP').isGreaterThan(Money.zero('EUR'))).toThrow();
  expect(() => Money.zero('POUND')).toThrow('no ISO 4217 currency');
});

test('currencies are those of ISO 4217', () => {
  expect([currencyDigits('GBP'), currencyDigits('JPY'), currencyDigits('KWD'), currencyDigits('ZZZ')]).toEqual([
    2,
    0,
    3,
    null,
  ]);
  expect([isCurrencyCode('EUR'), isCurrencyCode('eur'), isCurrencyCode('')]).toEqual([true, false, false]);
});
