import type { Clock } from '../common/clock.js';
import type { Transaction } from '../database/database.js';
import { hasHeldBy, releaseHeldBy } from '../pushes/release.sql.js';
import { MAPPING_CODES } from '../pushes/push-cause.js';

/**
 * Told by the pulls of reference data what they changed: pushes that a mapping holds are then looked at again. What is still
 * wrong holds them again before anything is sent.
 */
export class ReferenceChanges {
  private readonly released = new Set<number>();

  constructor(
    private readonly clock: Clock,
    private readonly wakePush: () => void,
  ) {}

  /** In the transaction that changes the cache, so that no change is missed. One look at an index where nothing is held. */
  async changed(transaction: Transaction, instanceId: number): Promise<void> {
    if (!(await hasHeldBy(transaction, instanceId, MAPPING_CODES))) return;
    await releaseHeldBy(transaction, instanceId, MAPPING_CODES, this.clock.now().getTime());
    this.released.add(instanceId);
  }

  /** After that transaction. */
  settled(instanceId: number): void {
    if (this.released.delete(instanceId)) this.wakePush();
  }
}
