// $filter's grammar: or < and < not < comparison; functions compared with true or false, or standing alone.
import { Refusal } from '../ledger/refusal.js';
import { tokenize, type Token } from './token.js';

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type TextFunction = 'contains' | 'startswith' | 'endswith';
export type Literal =
  | { readonly kind: 'string' | 'number' | 'date' | 'instant'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' };

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | { readonly kind: 'compare'; readonly field: string; readonly by: Comparison; readonly literal: Literal }
  | { readonly kind: 'text'; readonly by: TextFunction; readonly field: string; readonly value: string };

const COMPARISONS = new Set<string>(['eq', 'ne', 'gt', 'ge', 'lt', 'le']);
const FUNCTIONS = new Set<string>(['contains', 'startswith', 'endswith']);
const MAX_DEPTH = 100;

export function parseFilter(source: string): Filter {
  const parser = new Parser(tokenize(source), source);
  return parser.whole();
}

class Parser {
  private position = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly source: string,
  ) {}

  whole(): Filter {
    const filter = this.or();
    if (this.peek().kind !== 'end') this.fail();
    return filter;
  }

  private or(): Filter {
    return this.chain('or', () => this.and());
  }

  private and(): Filter {
    return this.chain('and', () => this.not());
  }

  private chain(kind: 'and' | 'or', next: () => Filter): Filter {
    const parts = [next()];
    while (this.takeName(kind)) parts.push(next());
    return parts.length === 1 ? (parts[0] as Filter) : { kind, parts };
  }

  private not(): Filter {
    if (this.depth > MAX_DEPTH) throw new Refusal('The filter is nested too deeply.');
    this.depth += 1;
    const filter = this.takeName('not') ? ({ kind: 'not', part: this.not() } as const) : this.primary();
    this.depth -= 1;
    return filter;
  }

  private primary(): Filter {
    const token = this.next();
    if (token.kind === 'open') {
      const inner = this.or();
      this.expect('close');
      return inner;
    }
    if (token.kind !== 'name') return this.fail(token);
    if (FUNCTIONS.has(token.value) && this.peek().kind === 'open') return this.call(token.value as TextFunction);
    const by = this.next();
    if (by.kind !== 'name' || !COMPARISONS.has(by.value)) return this.fail(by);
    return {
      kind: 'compare',
      field: token.value.replaceAll('/', '.'),
      by: by.value as Comparison,
      literal: this.literal(),
    };
  }

  private call(by: TextFunction): Filter {
    this.expect('open');
    const field = this.next();
    if (field.kind !== 'name') return this.fail(field);
    this.expect('comma');
    const value = this.next();
    if (value.kind !== 'string') return this.fail(value);
    this.expect('close');
    const call: Filter = { kind: 'text', by, field: field.value.replaceAll('/', '.'), value: value.value };
    const isNegated = this.takeName('ne');
    if (!isNegated && !this.takeName('eq')) return call;
    const wanted = this.literal();
    if (wanted.kind !== 'boolean') return this.fail();
    return wanted.value === isNegated ? { kind: 'not', part: call } : call;
  }

  private literal(): Literal {
    const token = this.next();
    if (token.kind === 'string' || token.kind === 'number' || token.kind === 'date' || token.kind === 'instant') {
      return { kind: token.kind, value: token.value };
    }
    if (token.kind !== 'name') return this.fail(token);
    if (token.value === 'null') return { kind: 'null' };
    if (token.value === 'true' || token.value === 'false') return { kind: 'boolean', value: token.value === 'true' };
    return this.fail(token);
  }

  private peek(): Token {
    return this.tokens[this.position] as Token;
  }

  private next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.position += 1;
    return token;
  }

  private takeName(value: string): boolean {
    const token = this.peek();
    if (token.kind !== 'name' || token.value !== value) return false;
    this.position += 1;
    return true;
  }

  private expect(kind: Token['kind']): void {
    const token = this.next();
    if (token.kind !== kind) this.fail(token);
  }

  private fail(token: Token = this.peek()): never {
    throw new Refusal(`Syntax error at position ${token.at} in '${this.source.slice(0, 200)}'.`);
  }
}
