import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSameTelephone, splitTelephone } from '../../src/common/telephone.js';

test.each([
  ['+44 20 7946 0000', ['+44', '20', '7946 0000']],
  ['+44 (0)20 7946 0000', ['+44', '(0)20', '7946 0000']],
  ['+442079460000', ['+44', '', '2079460000']],
  ['0044 20 7946 0000', ['0044', '20', '7946 0000']],
  ['+353 1 234 5678', ['+353', '1', '234 5678']],
  ['+1 202-555-0100', ['+1', '202', '555-0100']],
  ['020 7946 0000', ['', '020', '7946 0000']],
  ['(01632) 960001', ['', '(01632)', '960001']],
  ['02079460000', ['', '', '02079460000']],
  ['7946 0000', ['', '', '7946 0000']],
  ['0800 123 456 ext 7', ['', '0800', '123 456 ext 7']],
  ['+', ['', '', '+']],
  ['00', ['', '', '00']],
])('%s', (text, parts) => {
  const split = splitTelephone(text);
  expect([split?.countryCode, split?.areaCode, split?.subscriberNumber]).toEqual(parts);
});

test('whatever is typed, no digit is lost and every part fits its column', () => {
  const typed = fc.string({ unit: fc.constantFrom(...'0123456789+()- x'.split('')), maxLength: 227 });
  fc.assert(
    fc.property(typed, (text) => {
      const split = splitTelephone(text);
      if (!split) return text.length > 200;
      const { countryCode, areaCode, subscriberNumber } = split;
      expect(countryCode.length).toBeLessThanOrEqual(5);
      expect(areaCode.length).toBeLessThanOrEqual(20);
      expect(subscriberNumber.length).toBeLessThanOrEqual(200);
      return isSameTelephone(text, [countryCode, areaCode, subscriberNumber].join(' '));
    }),
  );
});
