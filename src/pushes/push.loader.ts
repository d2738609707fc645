import DataLoader from 'dataloader';
import { perRequest, type RequestContext } from '../common/per-request.js';
import type { Database } from '../database/database.js';
import { readAttempts } from './push-attempts.js';
import { type PushRow, readNewestPushes, readPushes, readPushesByUrn } from './push-rows.js';
import type { PushKind } from './push-status.js';
import type { PushAttemptType } from './push.type.js';

export interface DocumentKey {
  kind: PushKind;
  layerId: string;
}
export interface PostingKey {
  companyId: number;
  urn: string;
}

const textOf = ({ companyId, urn }: PostingKey) => `${companyId}:${urn}`;

/** Pushes and their history, read in lists: no field costs a statement per row. */
export class PushLoader {
  constructor(private readonly database: Database) {}

  /** By the id of the row, as it stands inside the node id. */
  readonly byId = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<string, PushRow | null>(
        async (ids) => {
          const rows = await readPushes(this.database, instanceId, ids);
          return ids.map((id) => rows.get(id) ?? null);
        },
        { maxBatchSize: 900 },
      ),
  );

  /** The newest push of a document. */
  readonly ofDocument = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<DocumentKey, PushRow | null, string>(
        async (keys) => {
          const found = new Map<PushKind, Map<string, PushRow>>();
          for (const kind of new Set(keys.map((key) => key.kind))) {
            const layerIds = keys.filter((key) => key.kind === kind).map(({ layerId }) => layerId);
            found.set(kind, await readNewestPushes(this.database, instanceId, kind, layerIds));
          }
          return keys.map(({ kind, layerId }) => found.get(kind)?.get(layerId) ?? null);
        },
        { cacheKeyFn: ({ kind, layerId }) => `${kind}:${layerId}`, maxBatchSize: 900 },
      ),
  );

  /** The push that made a posting. */
  readonly ofPosting = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<PostingKey, PushRow | null, string>(
        async (keys) => {
          const found = new Map<string, PushRow>();
          for (const companyId of new Set(keys.map((key) => key.companyId))) {
            const urns = keys.filter((key) => key.companyId === companyId).map(({ urn }) => urn);
            for (const [urn, row] of await readPushesByUrn(this.database, instanceId, companyId, urns)) {
              found.set(textOf({ companyId, urn }), row);
            }
          }
          return keys.map((key) => found.get(textOf(key)) ?? null);
        },
        { cacheKeyFn: textOf, maxBatchSize: 900 },
      ),
  );

  /** By the id of the push; the oldest attempt first. */
  readonly history = perRequest(
    ({ instanceId }: RequestContext) =>
      new DataLoader<string, PushAttemptType[]>(
        async (ids) => {
          const attempts = await readAttempts(this.database, instanceId, ids);
          return ids.map((id) => attempts.get(id) ?? []);
        },
        { maxBatchSize: 900 },
      ),
  );
}
