import { accountOfCustomer, type CustomerAccount } from '../accounts/account-of-customer.js';
import { ensureAccountPush } from '../accounts/ensure-account-push.js';
import type { Clock } from '../common/clock.js';
import type { Company } from '../companies/company-directory.js';
import type { Queryable, Transaction } from '../database/database.js';
import { bankOfOtherCurrency } from '../mappings/mapping-causes.js';
import { type PostingMappings, resolveMappings } from '../mappings/posting-mappings.js';
import { PREREQUISITE_FAILED, type PushCause } from '../pushes/push-cause.js';
import type { PushNeed } from '../pushes/push-handler.js';
import { type PushRow, readNewestPushes } from '../pushes/push-rows.js';
import { IN_FLIGHT } from '../pushes/push-status.js';

/** What of a document says where it goes, and what must be there for it. A StoredDocument is one, too. */
export interface DocumentFacts {
  customerLayerId: string;
  subCompanyLayerId: string | null;
  paymentMethodLayerId: string | null;
  lines: readonly { nominalCode: string; vatCode: string }[];
}

/** Whether a document can be posted now. The company and the account come with it as far as they can be told. */
export type Readiness = { company: Company | null; companyId: number | null; account: CustomerAccount | null } & (
  | {
      kind: 'READY';
      companyId: number;
      accountSageId: number;
      accountCurrency: string;
      account: CustomerAccount;
      mappings: PostingMappings;
    }
  | { kind: 'HELD'; held: PushCause; needs: PushNeed[] }
  /** The customer's account is on its way to Sage. */
  | { kind: 'WAITING'; needs: PushNeed[] }
);

/**
 * The check before anything is queued, and again before it is sent: mappings first, then the account. The cache alone; changes
 * nothing.
 */
export async function readiness(database: Queryable, instanceId: number, facts: DocumentFacts): Promise<Readiness> {
  const outcome = await resolveMappings(database, instanceId, {
    subCompanyLayerId: facts.subCompanyLayerId,
    paymentMethodLayerId: facts.paymentMethodLayerId,
    nominalCodes: [...new Set(facts.lines.map(({ nominalCode }) => nominalCode))],
    vatCodes: [...new Set(facts.lines.map(({ vatCode }) => vatCode))],
  });
  const company = outcome.kind === 'MAPPED' ? outcome.mappings.company : outcome.company;
  const account = company && (await accountOfCustomer(database, instanceId, facts.customerLayerId, company.id));
  const place = { company, companyId: company?.id ?? null, account };
  if (outcome.kind === 'HELD') return { ...place, kind: 'HELD', held: outcome.cause, needs: [] };
  const { mappings } = outcome;
  const companyId = mappings.company.id;
  if (account) {
    const { sageId: accountSageId, currency: accountCurrency } = account;
    const bankCurrency = mappings.bank?.currency ?? accountCurrency;
    if (![accountCurrency, mappings.company.currency].includes(bankCurrency)) {
      const currencies = { bankCurrency, accountCurrency };
      const held = bankOfOtherCurrency(facts.paymentMethodLayerId ?? '', mappings.company, currencies);
      return { ...place, kind: 'HELD', held, needs: [] };
    }
    return { ...place, kind: 'READY', companyId, account, accountSageId, accountCurrency, mappings };
  }
  const pushes = await readNewestPushes(database, instanceId, 'CUSTOMER', [facts.customerLayerId]);
  return { ...place, ...withoutAccount(facts.customerLayerId, mappings.company, pushes.get(facts.customerLayerId)) };
}

/** As `readiness`; where the account is missing, has it made if The Layer has sent the customer. */
export async function readinessWithAccount(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  facts: DocumentFacts,
): Promise<Readiness> {
  return withAccountMade(transaction, clock, instanceId, facts, await readiness(transaction, instanceId, facts));
}

/** The second half of `readinessWithAccount`, for who has just asked for the first. */
export async function withAccountMade(
  transaction: Transaction,
  clock: Clock,
  instanceId: number,
  facts: DocumentFacts,
  found: Readiness,
): Promise<Readiness> {
  if (found.kind !== 'HELD' || found.held.code !== 'ACCOUNT_MISSING' || found.companyId === null) return found;
  const made = await ensureAccountPush(transaction, clock, instanceId, facts.customerLayerId, found.companyId);
  return made === 'QUEUED' ? readiness(transaction, instanceId, facts) : found;
}

function withoutAccount(
  customerLayerId: string,
  company: Company,
  customerPush: PushRow | undefined,
): { kind: 'HELD'; held: PushCause; needs: PushNeed[] } | { kind: 'WAITING'; needs: PushNeed[] } {
  const needs: PushNeed[] = [{ kind: 'CUSTOMER', layerId: customerLayerId }];
  // what becomes of the customer in another company says nothing of this one
  const isForHere = customerPush && (customerPush.companyId === null || customerPush.companyId === company.id);
  if (isForHere && IN_FLIGHT.includes(customerPush.status)) return { kind: 'WAITING', needs };
  const hasFailed = isForHere && (customerPush.status === 'FAILED' || customerPush.status === 'SKIPPED');
  const subject = `customer ${customerLayerId} in Sage company ${company.name}`;
  const held = hasFailed
    ? {
        code: PREREQUISITE_FAILED,
        key: `CUSTOMER:${customerLayerId}`,
        subject,
        message: `Customer ${customerLayerId} did not get to Sage.`,
        remedy: 'Put right what its push says, and try that again; or link the customer to an account.',
      }
    : {
        code: 'ACCOUNT_MISSING',
        key: `CUSTOMER_LINK:${customerLayerId}:${company.id}`,
        subject,
        message: `Customer ${customerLayerId} has no account in ${company.name}.`,
        remedy: 'Send the customer (pushCustomer), or link it to its account (linkCustomer).',
      };
  return { kind: 'HELD', held, needs: hasFailed ? needs : [] };
}
