import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dateInTimeZone, daysBetween, isCalendarDate } from '../../src/common/calendar.js';
import { decodeNodeId, decodeNodeIdOf, encodeNodeId } from '../../src/common/node-id.js';
import { encodeCursor, keysetOf } from '../../src/common/paging.js';
import { foldText, prefixEnd, typedWords, wordsOf } from '../../src/common/search-words.js';
import { unsupportedCharacter } from '../../src/common/supported-text.js';

test('today is the date in the time zone, on both sides of midnight and of the clock change', () => {
  expect(dateInTimeZone(new Date('2026-06-30T23:30:00Z'), 'Europe/London')).toBe('2026-07-01');
  expect(dateInTimeZone(new Date('2026-12-31T23:30:00Z'), 'Europe/London')).toBe('2026-12-31');
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(daysBetween('2026-03-30', '2026-03-28')).toBe(-2);
});

test.each([
  ['2026-02-28', true],
  ['2026-02-29', false],
  ['2024-02-29', true],
  ['2026-13-01', false],
  ['26-01-01', false],
  ['2026-1-1', false],
  ['2026-01-01T00:00:00Z', false],
])('%s is a calendar date: %s', (text, isDate) => {
  expect(isCalendarDate(text)).toBe(isDate);
});

test('a node id comes back as it was, and only in its own instance', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1 }), fc.string(), (instanceId, key) => {
      const id = encodeNodeId(instanceId, 'Thing', key, 7);
      expect(decodeNodeId(instanceId, id)).toEqual({ type: 'Thing', key: [key, '7'] });
      expect(decodeNodeId(instanceId + 1, id)).toBeNull();
      expect(decodeNodeIdOf(instanceId, 'Other', id)).toBeNull();
    }),
  );
});

test('what is no node id is none, and never throws', () => {
  fc.assert(fc.property(fc.string(), (text) => expect(decodeNodeId(1, text)).toBeNull()));
});

test('cursors are taken back only by a list of their shape, and unaltered', () => {
  const cursor = encodeCursor(['2026-11-01', 3, 'INV']);
  expect(keysetOf({ first: 10, after: cursor }, ['date', 'number', 'string'])).toEqual({
    first: 10,
    after: ['2026-11-01', 3, 'INV'],
  });
  for (const [after, shape] of [
    [cursor, ['string', 'string', 'string']],
    [cursor, ['date', 'number']],
    [encodeCursor(['soon', 3, 'INV']), ['date', 'number', 'string']],
    [`${cursor} `, ['date', 'number', 'string']],
    ['nonsense', ['string']],
    ['', ['string']],
  ] as const) {
    expect(() => keysetOf({ first: 10, after }, shape)).toThrow('"after" is no cursor');
  }
});

test.each([0, -1, 501, 1.5, Number.NaN])('first: %s is refused', (first) => {
  expect(() => keysetOf({ first }, ['string'])).toThrow('"first" must be from 1 to 500');
});

test('words are found whatever case, accents and punctuation they were typed with', () => {
  expect(foldText('Müller & Søn Łódź')).toBe('muller & son lodz');
  expect(wordsOf("O'Brien & Sons (UK) Ltd.")).toEqual(["o'brien", 'sons', 'uk', 'ltd', 'o', 'brien']);
  expect(typedWords('  O’Brien,  LTD ')).toEqual(["o'brien", 'ltd']);
});

test('the end of a prefix lies behind every word that begins with it, and before the next', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]{1,8}$/), fc.stringMatching(/^[a-z0-9é]{0,8}$/), (prefix, rest) => {
      expect(prefix + rest >= prefix && prefix + rest < prefixEnd(prefix)).toBe(true);
    }),
  );
  expect('tel' < prefixEnd('tel') && 'tem' > prefixEnd('tel')).toBe(true);
});

test('emoji and control characters cannot be held; what stands in names of products can', () => {
  for (const text of ['Phones 📞', 'Done ✅', 'two\nlines', '\u{20000}']) {
    expect([text, unsupportedCharacter(text)]).toEqual([text, expect.stringContaining('U+')]);
  }
  for (const text of ['Microsoft® 365', 'Cisco Webex™', '© Layer 2026', 'Café – 10 €', 'Łódź']) {
    expect([text, unsupportedCharacter(text)]).toEqual([text, null]);
  }
});
