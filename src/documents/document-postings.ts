import { groupBy } from '../common/group-by.js';
import { chunks, placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import type { PushStatus } from '../pushes/push-status.js';
import type { DocumentKind } from './document-kind.js';

/** Where a document stands in Sage. */
export interface DocumentPosting {
  kind: DocumentKind;
  layerId: string;
  /** The human reference, for messages. */
  reference: string | null;
  /** Null for a registered invoice, which needs no push. */
  pushStatus: PushStatus | null;
  companyId: number | null;
  /** Null until it is posted. */
  urn: string | null;
  postedAt: number | null;
}

/** The postings of these documents, in the order asked; null for an unknown one. By primary key, one statement for each kind. */
export async function readPostings(
  database: Queryable,
  instanceId: number,
  documents: readonly { kind: DocumentKind; layerId: string }[],
): Promise<(DocumentPosting | null)[]> {
  const found = new Map<string, DocumentPosting>();
  for (const [kind, ofKind] of groupBy(documents, (document) => document.kind)) {
    for (const chunk of chunks([...new Set(ofKind.map(({ layerId }) => layerId))])) {
      const rows = await database.query<Record<string, string | number | null>>(
        `SELECT d.layer_id AS layerId, d.reference AS reference, d.registered_company_id AS registeredCompanyId,
                d.registered_urn AS registeredUrn, p.status AS pushStatus, p.company_id AS companyId, p.urn AS urn, p.posted_at AS postedAt
           FROM document d LEFT JOIN push p ON p.instance_id = d.instance_id AND p.id = d.push_id
          WHERE d.instance_id = ? AND d.kind = ? AND d.layer_id IN (${placeholders(chunk.length)})`,
        [instanceId, kind, ...chunk],
      );
      for (const row of rows) found.set(`${kind}:${row.layerId}`, postingOf(kind, row));
    }
  }
  return documents.map(({ kind, layerId }) => found.get(`${kind}:${layerId}`) ?? null);
}

function postingOf(kind: DocumentKind, row: Record<string, string | number | null>): DocumentPosting {
  return {
    kind,
    layerId: String(row.layerId),
    reference: row.reference as string | null,
    pushStatus: row.registeredUrn === null ? (row.pushStatus as PushStatus | null) : null,
    companyId: numberOrNull(row.registeredCompanyId ?? row.companyId),
    urn: (row.registeredUrn ?? row.urn) as string | null,
    postedAt: numberOrNull(row.postedAt),
  };
}

const numberOrNull = (value: string | number | null | undefined) =>
  value === null || value === undefined ? null : Number(value);
