import type { GraphQLSchema } from 'graphql';
import type { Random } from '../../src/sandbox/demo/random.js';
import { CONSOLE_QUERIES } from './console-queries.js';
import { everyOperation } from './every-operation.js';
import { hostileDocuments } from './hostile-documents.js';

const TOKEN = /[A-Za-z_]\w*|"(?:[^"\\]|\\.)*"|\.\.\.|[^\s\w]|\d+/g;
const ODD_TOKENS = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ':',
  '!',
  '$',
  '@',
  '...',
  '|',
  '&',
  '=',
  '"',
  '"""',
  '#',
  '-1',
  '1e999',
  '9007199254740993',
  'null',
  'true',
  'on',
  'query',
  'mutation',
  'subscription',
  'fragment',
  '@skip(if: true)',
  '@include(if: $v)',
  '__typename',
  '__schema',
  '\u0000',
  '\ufeff',
  '\u2028',
  '💥',
  '\\u{110000}',
];
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e21,
  2_147_483_648,
  '',
  ' ',
  '\u0000',
  '\ud800',
  'x'.repeat(300),
  '2026-02-30',
  '-0',
  '1e5',
  'NaN',
  [],
  {},
  [[]],
  [null],
  { a: {} },
  { __proto__x: 1 },
  { constructor: { prototype: 1 } },
  'W10',
  'WyJSZWNlaXB0IiwxXQ',
  '__proto__',
  '%',
  '../..',
];

/** Documents and variables with something wrong, the same for the same seed. */
export class FuzzDocuments {
  private readonly seeds: readonly { query: string; variables: Record<string, unknown> }[];
  private readonly names: readonly string[];

  constructor(
    private readonly random: Random,
    schema: GraphQLSchema,
  ) {
    const operations = everyOperation(schema, 'C10001');
    this.seeds = [
      ...operations,
      ...operations,
      ...Object.values(CONSOLE_QUERIES).map((query) => ({ query, variables: {} })),
      ...hostileDocuments('')
        .filter(({ text }) => text.length < 2_000)
        .map(({ text }) => ({ query: text, variables: {} })),
    ];
    this.names = Object.values(schema.getTypeMap()).flatMap((type) => [
      type.name,
      ...('getFields' in type ? Object.keys(type.getFields()) : []),
    ]);
  }

  next(): { query: string; variables: unknown } {
    const { random } = this;
    const { query, variables } = random.pick(this.seeds);
    let text = query;
    for (let changes = random.integer(0, 4); changes > 0; changes -= 1)
      text = random.chance(0.75) ? this.byGrammar(text) : this.byCharacters(text);
    return { query: text, variables: random.chance(0.5) ? variables : this.brokenVariables(variables) };
  }

  oddValue(): unknown {
    return this.random.pick(ODD_VALUES);
  }

  private byGrammar(text: string): string {
    const { random } = this;
    const tokens = text.match(TOKEN) ?? [];
    if (tokens.length === 0) return random.pick(ODD_TOKENS);
    const at = random.integer(0, tokens.length - 1);
    const until = Math.min(tokens.length, at + random.integer(1, 12));
    const changed = random.pick([
      () => tokens.toSpliced(at, until - at),
      () => tokens.toSpliced(at, 0, ...tokens.slice(at, until)),
      () => tokens.toSpliced(at, 1, random.pick(this.names)),
      () => tokens.toSpliced(at, 0, random.pick(ODD_TOKENS)),
      () => tokens.toSpliced(at, 1, random.pick(ODD_TOKENS)),
      () => tokens.toSpliced(at, 1, tokens[random.integer(0, tokens.length - 1)] as string),
      () => [...tokens.slice(0, at), ...(random.pick(this.seeds).query.match(TOKEN) ?? []).slice(at)],
    ]);
    return changed().join(' ');
  }

  private byCharacters(text: string): string {
    const { random } = this;
    const at = random.integer(0, text.length);
    return random.pick([
      () => text.slice(0, at),
      () => text.slice(at),
      () => text.slice(0, at) + String.fromCharCode(random.integer(0, 0xffff)) + text.slice(at + 1),
      () => text.slice(0, at) + text.slice(at, at + 40).repeat(random.integer(1, 30)) + text.slice(at),
    ])();
  }

  private brokenVariables(variables: Record<string, unknown>): unknown {
    const { random } = this;
    if (random.chance(0.1)) return this.oddValue();
    const names = Object.keys(variables);
    const name = names.length > 0 ? random.pick(names) : 'first';
    return {
      ...variables,
      [name]: this.brokenValue(variables[name]),
      [random.pick(['v', 'filter', 'after'])]: this.oddValue(),
    };
  }

  /** Somewhere inside, if it has an inside. */
  private brokenValue(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || this.random.chance(0.2)) return this.oddValue();
    if (Array.isArray(value)) return [...value, this.brokenValue(value[0])];
    const key = this.random.pick(Object.keys(value));
    return { ...value, [key]: this.brokenValue((value as Record<string, unknown>)[key]) };
  }
}
