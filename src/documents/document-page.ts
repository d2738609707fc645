import type { Connection } from '../common/connection.type.js';
import { keysetOf, type PageArguments } from '../common/paging.js';
import type { Database } from '../database/database.js';
import type { DocumentKind } from './document-kind.js';
import {
  countDocuments,
  DOCUMENT_CURSOR_SHAPE,
  documentCursorKey,
  type DocumentListFilter,
  listDocuments,
} from './document-list.js';
import type { DocumentRow } from './document-rows.js';

interface ConnectionClass<N> {
  of(
    keyset: ReturnType<typeof keysetOf>,
    rows: readonly DocumentRow[],
    parts: { keyOf(row: DocumentRow): string[]; node(row: DocumentRow): N; count(): Promise<number> },
  ): Connection<N>;
}

/** What each kind's page is made of. */
export interface PageKind<N> {
  kind: DocumentKind;
  connection: ConnectionClass<N>;
  node: new (instanceId: number, row: DocumentRow) => N;
}

/** One page of the documents of a kind. */
export async function documentPage<N>(
  database: Database,
  instanceId: number,
  { kind, connection, node }: PageKind<N>,
  filter: DocumentListFilter,
  page: PageArguments,
): Promise<Connection<N>> {
  const keyset = keysetOf(page, DOCUMENT_CURSOR_SHAPE);
  return connection.of(keyset, await listDocuments(database, instanceId, kind, filter, keyset), {
    keyOf: documentCursorKey,
    node: (row) => new node(instanceId, row),
    count: () => countDocuments(database, instanceId, kind, filter),
  });
}
