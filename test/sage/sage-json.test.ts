import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LosslessNumber } from 'lossless-json';
import { decimalText, subtractDecimals } from '../../src/sage/decimal-text.js';
import { parseSageJson } from '../../src/sage/sage-json.js';

/** A decimal as JSON may write it, up to 25 digits, trailing zeros and exponents included. */
const decimals = fc
  .tuple(
    fc.boolean(),
    fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9]\d{0,14}$/), fc.stringMatching(/^[1-9]\d{0,24}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^\d{1,10}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][+-]?\d$/)),
  )
  .map(([isNegative, whole, fraction, exponent]) => {
    return `${isNegative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}${exponent}`;
  });

/** Two texts are the same number: compared as exact fractions. */
function exact(text: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const power = Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction) * 10n ** BigInt(power + 60);
  return `${digits === 0n ? '' : sign}${digits}`;
}

test('whatever decimal Sage writes comes back as that very decimal, in plain digits', () => {
  fc.assert(
    fc.property(decimals, fc.nat(3), (sent, blanks) => {
      const text = `[{"v":${' '.repeat(blanks)}${sent},"w":"x"}]`;
      const [row] = parseSageJson(text) as [{ v: unknown }];
      const plain = decimalText(row.v);
      expect(plain).toMatch(/^-?\d+(\.\d+)?$/);
      expect(exact(plain ?? '')).toBe(exact(sent));
    }),
    { numRuns: 3_000 },
  );
});

test('what is parsed is otherwise what JSON.parse parses', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify([value, '1234567890123456789']);
      const bare = (parsed: unknown): unknown =>
        JSON.parse(
          JSON.stringify(parsed, (_key, one: unknown) => (one instanceof LosslessNumber ? Number(one.value) : one)),
        );
      expect(bare(parseSageJson(text))).toEqual(JSON.parse(text));
    }),
    { numRuns: 500 },
  );
});

describe('decimalText', () => {
  test.each<[unknown, string | null]>([
    [-303.6, '-303.6'],
    [0, '0'],
    [-0, '0'],
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
    [-1.25e-9, '-0.00000000125'],
    ['12.50', '12.50'],
    [' 7 ', '7'],
    ['1e3', '1000'],
    ['12.5E-1', '1.25'],
    ['1.50e1', '15.0'],
    [new LosslessNumber('12345678901234567.89'), '12345678901234567.89'],
    ['', null],
    ['abc', null],
    ['1,000', null],
    ['1e999', null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    [null, null],
    [undefined, null],
    [true, null],
    [{}, null],
  ])('%p is %p', (value, expected) => expect(decimalText(value)).toBe(expected));
});

test('long numbers are seen wherever they stand; long digits in texts are no numbers', () => {
  expect(decimalText((parseSageJson('{"a":1234567890123456.78}') as { a: unknown }).a)).toBe('1234567890123456.78');
  expect(decimalText(parseSageJson('9007199254740993'))).toBe('9007199254740993');
  expect(decimalText((parseSageJson('[1,\n\t-9007199254740993]') as unknown[])[1])).toBe('-9007199254740993');
  expect(parseSageJson('{"iban":"GB29 12345678901234567890","n":1.10}')).toEqual({
    iban: 'GB29 12345678901234567890',
    n: 1.1,
  });
  expect(() => parseSageJson('{"a":1234567890123456789')).toThrow(SyntaxError);
  expect(parseSageJson('{"a":1,"a":12345678901234567890.5}')).toEqual({
    a: new LosslessNumber('12345678901234567890.5'),
  });
});

test('decimals are subtracted exactly', () => {
  expect(subtractDecimals('0.3', '0.1')).toBe('0.2');
  expect(subtractDecimals('-303.60', '-303.6')).toBe('0.00');
  expect(subtractDecimals('1', '2.005')).toBe('-1.005');
  const pennies = fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n });
  const text = (minor: bigint) =>
    `${minor < 0n ? '-' : ''}${String(minor < 0n ? -minor : minor)
      .padStart(3, '0')
      .replace(/..$/, '.$&')}`;
  fc.assert(
    fc.property(pennies, pennies, (a, b) => {
      expect(exact(subtractDecimals(text(a), text(b)))).toBe(exact(text(a - b)));
    }),
  );
});
