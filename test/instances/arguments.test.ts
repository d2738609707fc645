import { expect, test } from '@jest/globals';
import { parseInstanceArguments, UsageError } from '../../src/server/instance-arguments.js';

const parse = (line: string) => parseInstanceArguments(line.split(' ').filter((word) => word !== ''));
const LIMITS = { ratePerSecond: undefined, rateBurst: undefined };

test.each<[string, object]>([
  ['', { verb: 'help' }],
  ['help', { verb: 'help' }],
  ['--help', { verb: 'help' }],
  ['create acme -h', { verb: 'help' }],
  ['list', { verb: 'list' }],
  ['disable default', { verb: 'disable', slug: 'default' }],
  ['enable 7', { verb: 'enable', slug: '7' }],
  ['sign-in a-1', { verb: 'sign-in', slug: 'a-1' }],
  ['create acme', { verb: 'create', slug: 'acme', ...LIMITS }],
  [`create ${'a'.repeat(63)}`, { verb: 'create', slug: 'a'.repeat(63), ...LIMITS }],
  [
    'create acme --rate-per-second 5 --rate-burst=50',
    { verb: 'create', slug: 'acme', ratePerSecond: 5, rateBurst: 50 },
  ],
  ['set acme --rate-burst default', { verb: 'set', slug: 'acme', ratePerSecond: undefined, rateBurst: null }],
])('"%s" is understood', (line, order) => {
  expect(parse(line)).toEqual(order);
});

test.each<[string, string]>([
  ['make acme', '"make" is no command.'],
  ['create', 'create needs a slug.'],
  ['disable', 'disable needs a slug.'],
  ['create acme umbrella', '"umbrella" is one word too many.'],
  ['list acme', 'list takes no slug'],
  ['create Acme', '"Acme" is no slug'],
  ['create acme_1', '"acme_1" is no slug'],
  ['create acme.uk', 'is no slug'],
  ['create -acme', 'There is no option -a.'],
  ['create -- -acme', '"-acme" is no slug'],
  ['create é', '"é" is no slug'],
  [`create ${'a'.repeat(64)}`, 'is no slug'],
  ["create a';--", 'is no slug'],
  ['set acme', 'set needs --rate-per-second, --rate-burst or both.'],
  ['disable acme --rate-burst 5', 'disable takes no limits'],
  ['list --rate-burst 5', 'list takes no limits'],
  ['set acme --rate-burst', '--rate-burst takes a whole number from 1'],
  ['set acme --rate-burst -1', '--rate-burst takes a whole number from 1'],
  ['set acme --rate-burst 0', '--rate-burst takes a whole number from 1'],
  ['set acme --rate-burst=-1', 'takes a whole number'],
  ['set acme --rate-burst 1.5', 'takes a whole number'],
  ['set acme --rate-per-second 1e3', '--rate-per-second takes a whole number'],
  ['set acme --rate-burst 1000001', 'takes a whole number'],
  ['set acme --rate 5', 'There is no option --rate.'],
  ['list --toString', 'There is no option --toString.'],
])('"%s" is not: %s', (line, message) => {
  expect(() => parse(line)).toThrow(UsageError);
  expect(() => parse(line)).toThrow(message);
});
