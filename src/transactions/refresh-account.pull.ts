import type { AccountsPull } from '../accounts/accounts.pull.js';
import type { AccountKey } from '../accounts/account.loader.js';
import type { Database } from '../database/database.js';
import type { UserError } from '../common/user-error.type.js';
import { SageError } from '../sage/sage-error.js';
import { readSyncStates } from '../sync/sync-state.sql.js';
import type { TransactionsPull } from './transactions.pull.js';

const GONE: UserError = {
  code: 'GONE_FROM_SAGE',
  message: 'Sage no longer has this account.',
  remedy: 'It was deleted in Sage. The next sweep takes it out of the lists.',
  field: ['id'],
};

function userErrorOf(error: SageError): UserError {
  if (error.kind === 'sign_in_needed') {
    return {
      code: 'SIGN_IN_NEEDED',
      message: error.message,
      remedy: 'Ask an operator to sign in to Sage again.',
    };
  }
  return {
    code: 'CONNECTION_LOST',
    message: `Sage could not be asked: ${error.message}`,
    remedy:
      'What is shown is what Sage said last. Try again in a minute; sageConnection says how the connection stands.',
  };
}

/** Asks Sage for one account now, with what has changed on its ledger since the last pull. */
export class RefreshAccount {
  constructor(
    private readonly accounts: AccountsPull,
    private readonly transactions: TransactionsPull,
    private readonly database: Database,
    private readonly overlapSeconds: number,
  ) {}

  /** Null when it was read; otherwise why it was not. */
  async refresh(instanceId: number, { companyId, sageId }: AccountKey): Promise<UserError | null> {
    const target = { instanceId, companyId };
    try {
      const updatedSince = await this.ledgerReadUntil(instanceId, companyId);
      if (updatedSince !== null) await this.transactions.refreshAccount(target, sageId, updatedSince);
      const found = await this.accounts.refresh(target, [sageId]);
      return found.includes(sageId) ? null : GONE;
    } catch (error) {
      if (error instanceof SageError) return userErrorOf(error);
      throw error;
    }
  }

  /** From where the account's ledger must be read; null while the ledger's first import has not ended. */
  private async ledgerReadUntil(instanceId: number, companyId: number): Promise<string | null> {
    const states = await readSyncStates(this.database, instanceId);
    const state = states.find((row) => row.company_id === companyId && row.resource === 'TRANSACTIONS');
    if (!state?.updated_since) return null;
    return new Date(Date.parse(state.updated_since) - this.overlapSeconds * 1_000).toISOString();
  }
}
