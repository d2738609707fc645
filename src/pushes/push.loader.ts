import DataLoader from 'dataloader';
import { perRequest, type RequestContext } from '../common/per-request.js';
import type { Database } from '../database/database.js';
import { type PushRow, readPushes } from './push-rows.js';

/** Pushes, read in lists. */
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
}
