import { contentHash } from './content-hash.js';

export interface HashedRow<Row> {
  row: Row;
  hash: string;
}

export interface RowDiff<Row, Key> {
  /** New or changed against the cache. */
  changed: HashedRow<Row>[];
  /** In the cache's part of the page's range, but not on the page. */
  missing: Key[];
}

/**
 * Compares what Sage says with what the cache has. `cached` holds key and hash of the cached rows in the page's range
 * (then what the page lacks is missing), or of the page's own keys (then nothing can be missing).
 * `keptAside` are keys that Sage does have, though their rows could not be read.
 */
export function diffRows<Row, Key>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
  contentOf: (row: Row) => unknown,
  cached: ReadonlyMap<Key, string>,
  keptAside: ReadonlySet<Key> = new Set(),
): RowDiff<Row, Key> {
  const changed: HashedRow<Row>[] = [];
  const seen = new Set<Key>(keptAside);
  for (const row of rows) {
    const key = keyOf(row);
    seen.add(key);
    const hash = contentHash(contentOf(row));
    if (cached.get(key) !== hash) changed.push({ row, hash });
  }
  return { changed, missing: [...cached.keys()].filter((key) => !seen.has(key)) };
}
