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

/** The postings of these documents, in the order asked; null for an unknown one. By primary key. */
export async function readPostings(
  database: Queryable,
  instanceId: number,
  documents: readonly { kind: DocumentKind; layerId: string }[],
): Promise<(DocumentPosting | null)[]> {
  const postings: (DocumentPosting | null)[] = [];
  for (const { kind, layerId } of documents) {
    const [row] = await database.query<Record<string, string | number | null>>(
      `SELECT d.reference AS reference, d.registered_company_id AS registeredCompanyId, d.registered_urn AS registeredUrn,
              p.status AS pushStatus, p.company_id AS companyId, p.urn AS urn, p.posted_at AS postedAt
         FROM document d LEFT JOIN push p ON p.instance_id = d.instance_id AND p.id = d.push_id
        WHERE d.instance_id = ? AND d.kind = ? AND d.layer_id = ?`,
      [instanceId, kind, layerId],
    );
    postings.push(
      row === undefined
        ? null
        : {
            kind,
            layerId,
            reference: row.reference as string | null,
            pushStatus: row.registeredUrn === null ? (row.pushStatus as PushStatus | null) : null,
            companyId: numberOrNull(row.registeredCompanyId ?? row.companyId),
            urn: (row.registeredUrn ?? row.urn) as string | null,
            postedAt: numberOrNull(row.postedAt),
          },
    );
  }
  return postings;
}

const numberOrNull = (value: string | number | null | undefined) =>
  value === null || value === undefined ? null : Number(value);
