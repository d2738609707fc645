import type { AccountsPull } from '../accounts/accounts.pull.js';
import type { AccountKey } from '../accounts/account.loader.js';
import type { Database } from '../database/database.js';
import { readSyncStates } from '../sync/sync-state.sql.js';
import type { TransactionsPull } from './transactions.pull.js';

/** Asks Sage for one account now, with what has changed on its ledger since the last pull. */
export class RefreshAccount {
  constructor(
    private readonly accounts: AccountsPull,
    private readonly transactions: TransactionsPull,
    private readonly database: Database,
    private readonly overlapSeconds: number,
  ) {}

  /** False when Sage no longer has the account. Throws SageError when Sage cannot be asked. */
  async refresh(instanceId: number, { companyId, sageId }: AccountKey): Promise<boolean> {
    const target = { instanceId, companyId };
    const updatedSince = await this.ledgerReadUntil(instanceId, companyId);
    if (updatedSince !== null) await this.transactions.refreshAccount(target, sageId, updatedSince);
    const found = await this.accounts.refresh(target, [sageId]);
    return found.includes(sageId);
  }

  /** From where the account's ledger must be read; null while the ledger's first import has not ended. */
  private async ledgerReadUntil(instanceId: number, companyId: number): Promise<string | null> {
    const states = await readSyncStates(this.database, instanceId);
    const state = states.find((row) => row.company_id === companyId && row.resource === 'TRANSACTIONS');
    if (!state?.updated_since) return null;
    return new Date(Date.parse(state.updated_since) - this.overlapSeconds * 1_000).toISOString();
  }
}
