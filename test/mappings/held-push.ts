import { systemClock } from '../../src/common/clock.js';
import type { Database } from '../../src/database/database.js';
import { type MappingNeeds, resolveMappings } from '../../src/mappings/posting-mappings.js';
import { customerLane, enqueue } from '../../src/pushes/enqueue.js';

export const INSTANCE = 1;
let number = 0;

/** Queues an invoice as its mutation does: held by what the mappings say of its needs. Answers its id and the code that holds it. */
export async function queueInvoice(
  database: Database,
  needs: MappingNeeds,
  amountMinor = 12_000n,
): Promise<{ id: string; code: string | null }> {
  const outcome = await resolveMappings(database, INSTANCE, needs);
  const held = outcome.kind === 'HELD' ? outcome.cause : null;
  number += 1;
  const layerId = `I${number}`;
  const id = await database.transaction((transaction) =>
    enqueue(transaction, systemClock, INSTANCE, {
      kind: 'INVOICE',
      layerId,
      lane: customerLane(layerId),
      companyId: null,
      customerLayerId: layerId,
      amountMinor,
      currency: 'GBP',
      reference: layerId,
      sageReference: layerId,
      contentHash: 'x',
      held,
    }),
  );
  return { id, code: held?.code ?? null };
}

export async function statusOf(database: Database, id: string): Promise<string | undefined> {
  const [row] = await database.query<{ status: string }>('SELECT status FROM push WHERE instance_id = ? AND id = ?', [
    INSTANCE,
    id,
  ]);
  return row?.status;
}
