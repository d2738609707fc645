import DataLoader from 'dataloader';
import { perRequest, type RequestContext } from '../common/per-request.js';
import type { Database } from '../database/database.js';
import type { DocumentKind } from './document-kind.js';
import {
  type DocumentLineRow,
  type DocumentRow,
  type DocumentShareRow,
  readDocuments,
  readLines,
  readSharesOfInvoices,
} from './document-rows.js';

export interface DocumentKey {
  kind: DocumentKind;
  layerId: string;
}

const textOf = ({ kind, layerId }: DocumentKey) => `${kind}:${layerId}`;

/** Documents, their lines and what has been paid and credited of them, read in lists: no field costs a statement per row. */
export class DocumentLoader {
  constructor(private readonly database: Database) {}

  readonly byKey = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<DocumentKey, DocumentRow | null, string>(
        async (keys) => {
          const found = new Map<string, DocumentRow>();
          for (const [kind, ids] of byKind(keys)) {
            for (const row of await readDocuments(this.database, instanceId, kind, ids)) found.set(textOf(row), row);
          }
          return keys.map((key) => found.get(textOf(key)) ?? null);
        },
        { cacheKeyFn: textOf, maxBatchSize: 900 },
      ),
  );

  readonly lines = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<DocumentKey, DocumentLineRow[], string>(
        async (keys) => {
          const found = new Map<string, DocumentLineRow[]>();
          for (const [kind, ids] of byKind(keys)) {
            const lines = await readLines(this.database, instanceId, kind, ids);
            for (const [layerId, rows] of lines) found.set(textOf({ kind, layerId }), rows);
          }
          return keys.map((key) => found.get(textOf(key)) ?? []);
        },
        { cacheKeyFn: textOf, maxBatchSize: 900 },
      ),
  );

  /** What an invoice has been paid and credited with, by its Layer id; see readSharesOfInvoices. */
  readonly sharesOfInvoice = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<string, DocumentShareRow[]>(
        async (layerIds) => {
          const found = await readSharesOfInvoices(this.database, instanceId, layerIds);
          return layerIds.map((layerId) => found.get(layerId) ?? []);
        },
        { maxBatchSize: 900 },
      ),
  );
}

function byKind(keys: readonly DocumentKey[]): Map<DocumentKind, string[]> {
  const groups = new Map<DocumentKind, string[]>();
  for (const { kind, layerId } of keys) {
    const group = groups.get(kind);
    if (group) group.push(layerId);
    else groups.set(kind, [layerId]);
  }
  return groups;
}
