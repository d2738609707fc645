import type { GraphQLError } from 'graphql';
import type { Caller } from '../auth/caller.js';
import type { Log } from '../common/log.js';
import type { KnownDocument, KnownDocuments } from './known-documents.js';
import type { OperationLimits } from './operation-limits.js';

/** A document that may be executed. */
export interface AdmittedDocument extends KnownDocument {
  /** Turns that reading it took; none where it was known. */
  turnsTaken?: number;
}

/** The way in for documents, over every transport. */
export class DocumentGate {
  constructor(
    private readonly documents: KnownDocuments,
    private readonly limits: OperationLimits,
    private readonly log: Log,
  ) {}

  /** Throws a GraphQLError, or an array of them. */
  admit(text: string, caller: Caller): AdmittedDocument {
    const known = this.documents.known(text);
    if (known) return known;
    this.limits.takeTurnToRead(caller);
    try {
      return { ...this.documents.read(text), turnsTaken: 1 };
    } catch (error) {
      const [refusal] = error as GraphQLError[];
      if (refusal?.extensions.code === 'QUERY_TOO_COMPLEX')
        this.log.warn({ instance: caller.instance, reason: refusal.message }, 'graphql: a document was refused');
      throw error;
    }
  }
}
