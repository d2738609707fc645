import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { MAX_TOKENS } from './operation-limits.js';

export interface KnownDocument {
  document: DocumentNode;
  /** SHA-256 of its text, as Apollo makes it. */
  queryHash: string;
}

const MAX_KNOWN = 500;

/** Parses and validates by the rules that Apollo has for HTTP; remembers what was good. */
export class KnownDocuments {
  private readonly known = new Map<string, KnownDocument>();
  private readonly rules;

  constructor(
    private readonly schema: GraphQLSchema,
    isProduction: boolean,
  ) {
    this.rules = isProduction ? [...specifiedRules, NoSchemaIntrospectionCustomRule] : specifiedRules;
  }

  /** Throws an array of GraphQLErrors with their codes. */
  read(text: string): KnownDocument {
    const queryHash = createHash('sha256').update(text).digest('hex');
    const known = this.known.get(queryHash);
    if (known) {
      // the oldest unused goes first
      this.known.delete(queryHash);
      this.known.set(queryHash, known);
      return known;
    }
    const document = parsed(text);
    const faults = validate(this.schema, document, this.rules);
    if (faults.length > 0) throw faults.map((fault) => withCode(fault, 'GRAPHQL_VALIDATION_FAILED'));
    const made = { document, queryHash };
    this.known.set(queryHash, made);
    if (this.known.size > MAX_KNOWN) this.known.delete(this.known.keys().next().value as string);
    return made;
  }
}

function parsed(text: string): DocumentNode {
  try {
    return parse(text, { maxTokens: MAX_TOKENS });
  } catch (error) {
    throw [withCode(error as GraphQLError, 'GRAPHQL_PARSE_FAILED')];
  }
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions, path } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions: { code } });
}
