import type { Clock } from '../common/clock.js';
import { encodeNodeId } from '../common/node-id.js';
import { markLinked } from '../customers/customer-link-status.js';
import { addMissingCustomers } from '../customers/store-customer.js';
import type { Database, Transaction } from '../database/database.js';
import { recordAudits } from '../events/audit-trail.js';
import {
  type AccountKey,
  addLinks,
  type LinkRow,
  type NewLink,
  readLinksOfAccounts,
  readLinksOfCustomers,
  removeLinks,
} from './customer-links.js';
import { recordLinkChanges } from './account-changes.js';
import { releaseAccountMissing } from './release-account-missing.js';

export interface LinkableAccount extends AccountKey {
  accountNumber: string;
  name: string;
}

export interface LinkRequest {
  /** Free of faults (see layerIdFault). */
  layerId: string;
  account: LinkableAccount;
}

export type LinkOutcome =
  | { kind: 'LINKED' }
  /** One account has one customer. */
  | { kind: 'ALREADY_LINKED'; customerLayerId: string }
  /** A customer has one account in a company. */
  | { kind: 'CUSTOMER_HAS_ACCOUNT'; accountNumber: string | null };

export interface LinkedBy {
  subject: string;
  clock: Clock;
}

/** Somebody else linked one of these in the meantime; all of it is taken back, and tried again on what then stands. */
class LinkRaceLost extends Error {}
const MAX_ATTEMPTS = 5;

/**
 * Links customers and accounts in one transaction, in the order given; answers one outcome for each. What is refused
 * changes nothing. A customer not heard of before is made, with the account's name. At most some hundred in one call.
 */
export async function linkAccounts(
  database: Database,
  instanceId: number,
  requests: readonly LinkRequest[],
  by: LinkedBy,
): Promise<LinkOutcome[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.transaction((transaction) => linkInTransaction(transaction, instanceId, requests, by));
    } catch (error) {
      if (!(error instanceof LinkRaceLost) || attempt >= MAX_ATTEMPTS) throw error;
    }
  }
}

export async function linkInTransaction(
  transaction: Transaction,
  instanceId: number,
  requests: readonly LinkRequest[],
  { subject, clock }: LinkedBy,
): Promise<LinkOutcome[]> {
  const accounts = requests.map(({ account }) => account);
  const layerIds = requests.map(({ layerId }) => layerId);
  const { outcomes, added, stale } = decideLinks(
    requests,
    await readLinksOfAccounts(transaction, instanceId, accounts),
    await readLinksOfCustomers(transaction, instanceId, layerIds),
  );
  if (added.length === 0) return outcomes;

  const now = clock.now();
  // in one order whoever writes, so that two uploads wait for each other and don't end in a deadlock
  const ordered = added.toSorted((a, b) => (a.layerId < b.layerId ? -1 : Number(a.layerId > b.layerId)));
  await removeLinks(transaction, instanceId, stale);
  await addMissingCustomers(transaction, instanceId, customersOf(ordered), now);
  const links = ordered.map(({ layerId, account }): NewLink => {
    return { companyId: account.companyId, sageId: account.sageId, customerLayerId: layerId };
  });
  await addLinks(transaction, instanceId, links, { subject, at: now });
  await assertStanding(transaction, instanceId, links);
  recordLinkChanges(transaction, clock, instanceId, links);
  await recordAudits(
    transaction,
    clock,
    instanceId,
    ordered.map(({ layerId, account }) => ({
      who: subject,
      action: 'CUSTOMER_LINKED',
      subjectId: encodeNodeId(instanceId, 'Customer', layerId),
      summary: `Customer ${layerId} was linked to account ${account.accountNumber} (${account.name}).`,
    })),
  );
  await markLinked(
    transaction,
    instanceId,
    ordered.map(({ layerId }) => layerId),
    now,
  );
  await releaseAccountMissing(
    transaction,
    instanceId,
    ordered.map(({ layerId }) => layerId),
    now,
  );
  return outcomes;
}

/** What is to be linked, given what is; requests earlier in the list come first. Pure. */
export function decideLinks(
  requests: readonly LinkRequest[],
  linksOfAccounts: readonly LinkRow[],
  linksOfCustomers: readonly LinkRow[],
): { outcomes: LinkOutcome[]; added: LinkRequest[]; stale: AccountKey[] } {
  const customerOf = new Map(linksOfAccounts.map((link) => [accountKey(link), link.customerLayerId]));
  const accountOf = new Map(linksOfCustomers.map((link) => [placeKey(link.customerLayerId, link.companyId), link]));
  const added: LinkRequest[] = [];
  const stale: AccountKey[] = [];
  const outcomes = requests.map((request): LinkOutcome => {
    const { layerId, account } = request;
    const customerLayerId = customerOf.get(accountKey(account));
    if (customerLayerId === layerId) return { kind: 'LINKED' };
    if (customerLayerId !== undefined) return { kind: 'ALREADY_LINKED', customerLayerId };
    const place = placeKey(layerId, account.companyId);
    const other = accountOf.get(place);
    if (other && !other.isAccountGone) return { kind: 'CUSTOMER_HAS_ACCOUNT', accountNumber: other.accountNumber };
    if (other) stale.push({ companyId: other.companyId, sageId: other.sageId });
    customerOf.set(accountKey(account), layerId);
    accountOf.set(place, { ...account, customerLayerId: layerId, isAccountGone: false });
    added.push(request);
    return { kind: 'LINKED' };
  });
  return { outcomes, added, stale };
}

async function assertStanding(transaction: Transaction, instanceId: number, links: readonly NewLink[]): Promise<void> {
  const standing = new Map(
    (await readLinksOfAccounts(transaction, instanceId, links)).map((link) => [accountKey(link), link.customerLayerId]),
  );
  if (links.some((link) => standing.get(accountKey(link)) !== link.customerLayerId)) throw new LinkRaceLost();
}

/** The customers of these requests, each once, as they are made when they are not known yet. */
function customersOf(requests: readonly LinkRequest[]) {
  const byId = new Map<string, LinkRequest>();
  for (const request of requests) if (!byId.has(request.layerId)) byId.set(request.layerId, request);
  return [...byId.values()].map(({ layerId, account }) => {
    const name = account.name.trim() === '' ? account.accountNumber : account.name;
    return { layerId, name, syncStatus: 'SYNCED' as const };
  });
}

const accountKey = ({ companyId, sageId }: AccountKey) => `${companyId}:${sageId}`;
const placeKey = (layerId: string, companyId: number) => `${companyId}:${layerId}`;
