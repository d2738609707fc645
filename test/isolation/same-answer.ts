import { Buffer } from 'node:buffer';
import { FRESH } from './base-arguments.js';
import { MARK, NUMBER_MARK } from './other-instance.js';

/** Figures that move on while time passes, or while the operations of the matrix itself are carried out. */
const MOVING = new Set(
  `ageSeconds asOf sageReference signInUrl projectedBalance balance availableCredit overdue unallocatedCredit agedDebt outstanding
   paid credited unmatched syncStatus lastContactAt toDoInSage body progress`.split(/\s+/),
);

export interface GatewayAnswer {
  data?: unknown;
  errors?: readonly { message: string; extensions?: { code?: unknown } }[];
}

/** An answer as text without what differs from call to call. Opaque texts are opened, and what was asked for is called `<given>`. */
export function comparable(answer: GatewayAnswer, given: readonly string[]): string {
  return shownAs(answer, given, MOVING)
    .replaceAll(FRESH, '<fresh>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>')
    .replaceAll(/\b01[0-9a-f]{30}\b/g, '<id>');
}

/** What of the other instance stands in an answer, apart from what was given by whoever asked; null: nothing. */
export function leakIn(answer: GatewayAnswer, given: readonly string[]): string | null {
  const text = shownAs(answer, given, new Set());
  return new RegExp(`.{0,60}(${MARK}|${NUMBER_MARK}|bbbbbb).{0,60}`).exec(text)?.[0] ?? null;
}

function shownAs(answer: GatewayAnswer, given: readonly string[], without: ReadonlySet<string>): string {
  const told = given
    // an upload is told of in parts; a number in capitals; a name folded
    .flatMap((text) => [text, opened(text), ...text.split(/[,\n]/)])
    .flatMap((text) => [text, text.toLowerCase(), text.toUpperCase()])
    .filter((text) => text !== '')
    .sort((a, b) => b.length - a.length);
  return JSON.stringify({ data: answer.data, errors: answer.errors }, function (this: Parent, key, value: unknown) {
    const name = key.replace(/^[A-Za-z]+_/, '');
    if (without.has(name) || (without.size > 0 && name === 'status' && this.__typename === 'Receipt')) return undefined;
    if (typeof value !== 'string') return value;
    return told.reduce(
      (shown, one) => shown.replaceAll(one, '<given>'),
      told.includes(value) ? '<given>' : opened(value),
    );
  });
}

interface Parent {
  __typename?: unknown;
}

/** What is inside a cursor or an id; any other text as it is. */
function opened(text: string): string {
  if (!/^W[\w-]+$/.test(text)) return text;
  const inside = Buffer.from(text, 'base64url').toString('utf8');
  return inside.startsWith('[') && inside.endsWith(']') ? inside : text;
}
