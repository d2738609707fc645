import type { Clock } from '../common/clock.js';
import type { Company } from '../companies/company-directory.js';
import type { CustomerDocument } from '../customers/customer-document.js';
import { lockCustomer } from '../customers/store-customer.js';
import type { Database } from '../database/database.js';
import type { PushCause } from '../pushes/push-cause.js';
import type { PushRow } from '../pushes/push-rows.js';
import * as causes from './customer-causes.js';
import { readLinksOfAccounts } from './customer-links.js';
import { accountWithNumber, type SagePlace } from './customer-steps.push.js';
import { reservedNumber, reserveGivenNumber, reserveMadeNumber } from './reserve-number.js';

/** Numbers that Sage has and the cache does not: few, or none. */
const MAX_NUMBERS_TRIED = 50;

/** A push under way, with what it is about. */
export interface Customer {
  push: PushRow;
  document: CustomerDocument;
  company: Company;
  place: SagePlace;
  signal: AbortSignal;
}

/** The account numbers of new customers: put by in the database, and looked up in Sage before they are used. */
export class CustomerNumbers {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * The number put by for the account, or when Sage says that somebody else has it, the next that can be made; stored before it is sent.
   * `ownId`: the account that was made already, by a send whose answer was lost.
   */
  async free(customer: Customer): Promise<{ accountNumber: string; ownId: number | null } | { fault: PushCause }> {
    const { push, document, company, place, signal } = customer;
    const taken = new Set<string>();
    while (taken.size < MAX_NUMBERS_TRIED) {
      const accountNumber = await this.reserve(customer, taken);
      if (accountNumber === null) return { fault: causes.numberTaken(document.accountNumber ?? '', company) };
      const found = await accountWithNumber(place, { accountNumber, name: document.name }, signal);
      if (!found) return { accountNumber, ownId: null };
      if (await this.isOwn(push, company, found)) return { accountNumber, ownId: found.id };
      if (document.accountNumber !== null) return { fault: causes.numberTaken(accountNumber, company) };
      taken.add(accountNumber);
    }
    return { fault: causes.noNumberLeft(document.name) };
  }

  private async reserve({ push, document, company }: Customer, taken: ReadonlySet<string>): Promise<string | null> {
    const of = { instanceId: push.instanceId, companyId: company.id, customerLayerId: document.layerId };
    const standing = await reservedNumber(this.database, of);
    if (standing !== null && !taken.has(standing) && [null, standing].includes(document.accountNumber)) return standing;
    return this.database.transaction(async (transaction) => {
      await lockCustomer(transaction, push.instanceId, document, this.clock.now());
      const { accountNumber: given } = document;
      if (given !== null) return (await reserveGivenNumber(transaction, of, given)) ? given : null;
      const made = await reserveMadeNumber(transaction, of, document.name, taken);
      await transaction.query('UPDATE push SET sage_reference = ? WHERE instance_id = ? AND id = ?', [
        made,
        push.instanceId,
        push.id,
      ]);
      return made;
    });
  }

  /** An account of this number and name that is nobody else's was made by a send whose answer was lost. */
  async isOwn(
    push: PushRow,
    company: Company,
    { id, isNamedSo }: { id: number; isNamedSo: boolean },
  ): Promise<boolean> {
    if (!isNamedSo) return false;
    const key = { companyId: company.id, sageId: id };
    const links = await readLinksOfAccounts(this.database, push.instanceId, [key]);
    return links.every(({ customerLayerId }) => customerLayerId === push.layerId);
  }
}
