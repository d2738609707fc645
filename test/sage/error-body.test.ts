import { expect, test } from '@jest/globals';
import { systemClock } from '../../src/common/clock.js';
import { reasonOf } from '../../src/sage/error-body.js';
import { retryAfterMs } from '../../src/sage/sage-fault.js';

test.each<[string, string, string | null, boolean]>([
  ['nothing', '', null, false],
  ['blanks', ' \r\n', null, false],
  [
    'ASP.NET',
    '{"Message":"Authorization has been denied for this request."}',
    'Authorization has been denied for this request.',
    true,
  ],
  ['OData', '{"error":{"code":"","message":"Bad $filter"}}', 'Bad $filter', true],
  ['OData v2', '{"odata.error":{"code":"x","message":{"lang":"en","value":"Bad value"}}}', 'Bad value', true],
  ['OAuth', '{"error":"invalid_request","error_description":"no grant"}', 'no grant', true],
  [
    'model state',
    '{"Message":"The request is invalid.","ModelState":{"customer_id":["customer_id is required."]}}',
    'The request is invalid. customer_id is required.',
    true,
  ],
  ['exception', '{"ExceptionMessage":"SageNullFieldException","StackTrace":"at x"}', 'SageNullFieldException', true],
  ['a JSON string', '"The period is closed."', 'The period is closed.', true],
  ['a list', '[{"message":"first"},{"message":"second"}]', 'first', true],
  ['an unknown object', '{"reason":"other shape"}', 'other shape', true],
  ['an empty object', '{}', null, false],
  ['null', 'null', null, false],
  ['a number', '42', null, false],
  ['an empty message', '{"Message":"  "}', null, false],
  ['plain text', 'upstream timed out', 'upstream timed out', false],
  [
    'HTML with a title',
    '<!DOCTYPE html><html><head><title> 502\n Bad Gateway </title></head><body>x</body></html>',
    '502 Bad Gateway',
    false,
  ],
  [
    'HTML without one',
    '<html><body><style>b{}</style><h1>Service</h1> <p>Unavailable</p></body></html>',
    'Service Unavailable',
    false,
  ],
  ['HTML that is cut', '<html><script>var a', null, false],
  ['HTML that is cut in its title', '<html><TITLE lang="en">502 Bad', '502 Bad', false],
  ['HTML that is cut in a tag', '<html><title></title><h1>502</h1> Bad <a', '502 Bad <a', false],
  ['cut JSON', '{"Message":"The per', '{"Message":"The per', false],
])('%s', (_name, body, message, isFromSage) => expect(reasonOf(body)).toEqual({ message, isFromSage }));

test('a message is one line of at most 500 characters, however deep or long the body', () => {
  expect(reasonOf(JSON.stringify({ Message: `a\n\tb\u0000c ${'x'.repeat(2_000)}` })).message).toMatch(/^a b c x{494}$/);
  const deep = JSON.parse(`${'{"error":'.repeat(60)}"bottom"${'}'.repeat(60)}`) as unknown;
  expect(reasonOf(JSON.stringify(deep)).message).toBeNull();
});

test.each([
  ['<', '<'],
  ['<title', '<title'],
  ['<script', null],
])('2 MB of %j are read in no time', (piece, start) => {
  const body = piece.repeat(2_000_000 / piece.length);
  const startedAt = performance.now();
  const { message, isFromSage } = reasonOf(body);
  expect(performance.now() - startedAt).toBeLessThan(100);
  expect(isFromSage).toBe(false);
  expect(message).toBe(start === null ? null : start.repeat(500).slice(0, 500));
});

test('Retry-After is seconds or a date', () => {
  expect(retryAfterMs('3', systemClock)).toBe(3_000);
  expect(retryAfterMs('0.5', systemClock)).toBe(500);
  const inTen = retryAfterMs(new Date(Date.now() + 10_000).toUTCString(), systemClock) ?? 0;
  expect(inTen).toBeGreaterThan(8_000);
  expect(inTen).toBeLessThanOrEqual(10_000);
  expect(retryAfterMs(new Date(Date.now() - 10_000).toUTCString(), systemClock)).toBe(0);
  for (const nonsense of [null, '', 'soon', '-5']) expect(retryAfterMs(nonsense, systemClock)).toBeNull();
});
