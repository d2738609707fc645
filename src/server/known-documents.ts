import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  ExecutableDefinitionsRule,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  KnownFragmentNamesRule,
  NoFragmentCyclesRule,
  NoSchemaIntrospectionCustomRule,
  NoUndefinedVariablesRule,
  NoUnusedFragmentsRule,
  parse,
  specifiedRules,
  UniqueFragmentNamesRule,
  validate,
  type ValidationRule,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { refuseLargeDocument, refuseLongText, refuseOddNames } from './document-refusals.js';
import { DOCUMENT_LIMITS } from './document-limits.js';
import { fragmentsOf } from './document-shape.js';
import { costOf, MAX_COST } from './operation-cost.js';
import { costsTooMuch } from './refusals.js';

export interface KnownDocument {
  document: DocumentNode;
  /** SHA-256 of its text, as Apollo makes it. */
  queryHash: string;
}

const MAX_KNOWN = 500;
/** Of all documents kept: a token with its node takes about half a kilobyte of memory. */
const MAX_KNOWN_TOKENS = 60_000;
/** Whoever writes a query puts them right a few at a time. */
const MAX_FAULTS = 5;

/** After them every fragment is a part of an operation, and was measured with it. They take time in proportion to the text. */
const QUICK_RULES = [
  ExecutableDefinitionsRule,
  UniqueFragmentNamesRule,
  KnownFragmentNamesRule,
  NoFragmentCyclesRule,
  NoUnusedFragmentsRule,
  NoUndefinedVariablesRule,
];

/** Reads documents for every transport: parses them, measures them, validates what is small enough, and remembers what was good. */
export class KnownDocuments {
  /** By their text: the hash of one takes longer than all else that is done with a document that is known. */
  private readonly kept = new LRUCache<string, KnownDocument>({
    max: MAX_KNOWN,
    maxSize: MAX_KNOWN_TOKENS,
    sizeCalculation: ({ document }) => tokensOf(document),
  });

  private readonly rules: readonly ValidationRule[];

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly isProduction: boolean,
  ) {
    const rest = specifiedRules.filter((rule) => !QUICK_RULES.includes(rule));
    this.rules = isProduction ? [...rest, NoSchemaIntrospectionCustomRule] : rest;
  }

  /** What was read before; null for a document to be read first. */
  known(text: string): KnownDocument | null {
    return this.kept.get(text) ?? null;
  }

  /** Throws an array of GraphQLErrors with their codes. */
  read(text: string): KnownDocument {
    const read = { document: this.valid(text), queryHash: hashOf(text) };
    this.kept.set(text, read);
    return read;
  }

  private valid(text: string): DocumentNode {
    try {
      refuseLongText(text);
      const document = parsed(text);
      refuseLargeDocument(document);
      refuseOddNames(document);
      this.validate(document, QUICK_RULES);
      this.refuseDear(document);
      this.validate(document, this.rules);
      return document;
    } catch (error) {
      throw Array.isArray(error) ? error : [error];
    }
  }

  /** Pages of pages of pages are dear whatever the variables: for that they need not be validated. */
  private refuseDear(document: DocumentNode): void {
    const fragments = fragmentsOf(document);
    for (const operation of document.definitions) {
      if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
      const cost = costOf({ schema: this.schema, fragments, operation, variables: null });
      if (cost > MAX_COST) throw costsTooMuch(cost);
    }
  }

  private validate(document: DocumentNode, rules: readonly ValidationRule[]): void {
    const options = { maxErrors: MAX_FAULTS, hideSuggestions: this.isProduction };
    const faults = validate(this.schema, document, rules, options);
    if (faults.length > 0) throw faults.map((fault) => withCode(fault, 'GRAPHQL_VALIDATION_FAILED'));
  }
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

function parsed(text: string): DocumentNode {
  try {
    return parse(text, { maxTokens: DOCUMENT_LIMITS.tokens });
  } catch (error) {
    throw withCode(error as GraphQLError, 'GRAPHQL_PARSE_FAILED');
  }
}

function tokensOf({ loc }: DocumentNode): number {
  let tokens = 0;
  for (let token = loc?.startToken ?? null; token; token = token.next) tokens += 1;
  return tokens;
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions, path } = error;
  const extensions = { code, http: { status: 400 } };
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}
