import { currencyDigits } from '../common/currency.js';
import { decimalFromMinor, minorFromDecimal } from '../common/money.js';
import type { PushCause } from '../pushes/push-cause.js';
import type { LandedStep, NextMove, PushStep, Sighting, StepFacts } from '../pushes/push-handler.js';
import { postAllocation, readAccountState, readTransactionsByUrn } from '../sage/postings.js';
import type { SageClient } from '../sage/sage-client.js';
import type { SageCompanyRef } from '../sage/sage-company-ref.js';
import { sageNumber } from '../sage/sage-json.js';
import type { SageTransaction } from '../sage/transactions.js';
import {
  allocatedBetween,
  allocationLines,
  type AllocationPlan,
  isAllocated,
  type LedgerRow,
  shortOf,
} from './allocation-lines.js';

export interface AllocationTarget {
  client: SageClient;
  ref: SageCompanyRef;
  companyId: number;
}

/**
 * `postedAt`: when the gateway posted the transaction; null when it did not: then it must be visible. `othersMinor`: what others account
 * for of what Sage has between the two; only what it has beyond that is taken over.
 */
export interface WantedAllocation {
  currency: string;
  payer: { urn: string; postedAt: number | null };
  payerSign: 1 | -1;
  shares: readonly { urn: string; postedAt: number | null; amountMinor: bigint; othersMinor?: bigint }[];
}

/** So long a posting may hide; one that is not seen after that is archived or gone. */
const MAX_HIDING_MS = 3_600_000;

/**
 * The step that allocates: reads the transactions from Sage (ids, what is left, queries, what is allocated already), and makes one
 * call with all the lines. Whoever was first in Sage is taken over.
 */
export async function allocationMove(
  target: AllocationTarget,
  wanted: WantedAllocation,
  now: number,
  signal: AbortSignal,
): Promise<NextMove> {
  const payerUrn = wanted.payer.urn;
  const all = [wanted.payer, ...wanted.shares];
  const urns = all.map(({ urn }) => urn);
  const transactions = await readTransactionsByUrn(target.client, target.ref, urns, signal);
  const rows = ledgerRows(transactions, wanted.currency);
  const hidden = all.filter(({ urn }) => !rows.has(urn));
  const gone = hidden.find(({ postedAt }) => postedAt === null || now - postedAt >= MAX_HIDING_MS);
  if (gone) return { kind: 'FAILED', cause: goneCause(gone.urn) };
  if (hidden[0]) {
    const message = `Sage does not show the transaction with URN ${hidden[0].urn} yet.`;
    return { kind: 'LATER', code: 'NOT_VISIBLE_YET', message };
  }
  // the account that the posting went to: the customer may be linked to another by now
  const accountSageId = transactions.find(({ urn }) => urn === payerUrn)?.customerId ?? 0;
  const plan: AllocationPlan = {
    payerUrn,
    payerSign: wanted.payerSign,
    leftBefore: new Map([...rows].map(([urn, { outstandingMinor }]) => [urn, outstandingMinor])),
    shares: wanted.shares.flatMap(({ urn, amountMinor, othersMinor = 0n }) => {
      const haveMinor = allocatedBetween(rows, payerUrn, urn);
      const ownMinor = haveMinor > othersMinor ? haveMinor - othersMinor : 0n;
      return ownMinor >= amountMinor ? [] : [{ urn, amountMinor: amountMinor - ownMinor, haveMinor }];
    }),
  };
  const step: LandedStep = {
    name: 'ALLOCATE',
    companyId: target.companyId,
    facts: { plan: planFacts(plan), currency: wanted.currency, customerId: accountSageId },
    marks: 'ALLOCATED',
    isLast: true,
    touches: { accountIds: [accountSageId], urns },
  };
  if (plan.shares.length === 0) return { kind: 'FOUND', step, found: [{}] };
  const queried = transactions.find((row) => row.queried !== '' && row.queried !== 'F');
  if (queried) return { kind: 'HELD', cause: queriedCause(queried) };
  const short = shortOf(plan, rows);
  if (short !== null) return { kind: 'FAILED', cause: shortCause(short, rows, wanted.currency) };
  return {
    kind: 'STEP',
    step: { ...step, ...sending(target, { accountSageId, currency: wanted.currency }, plan, rows) },
  };
}

function sending(
  target: AllocationTarget,
  { accountSageId, currency }: { accountSageId: number; currency: string },
  plan: AllocationPlan,
  rows: ReadonlyMap<string, LedgerRow>,
): Pick<PushStep, 'lookFirst' | 'send' | 'diagnose'> {
  const digits = currencyDigits(currency) ?? 2;
  const lines = allocationLines(plan).map(({ urn, valueMinor }) => ({
    transactionId: rows.get(urn)?.id ?? 0,
    value: sageNumber(decimalFromMinor(valueMinor, digits)),
  }));
  return {
    lookFirst: 'DONE',
    send: async (beforeSend, signal) => {
      await postAllocation(target.client, target.ref, accountSageId, lines, { beforeSend, signal });
      return {};
    },
    diagnose: async (signal) => {
      const account = await readAccountState(target.client, target.ref, accountSageId, signal);
      return account && !account.isOpenItem ? { cause: NOT_ALLOCATABLE, isHold: false } : null;
    },
  };
}

/** Whether what the facts name stands in Sage now. */
export async function findAllocation(
  target: AllocationTarget,
  facts: StepFacts,
  signal: AbortSignal,
): Promise<Sighting[]> {
  const plan = planOfFacts(facts);
  const urns = [plan.payerUrn, ...plan.shares.map(({ urn }) => urn)];
  const transactions = await readTransactionsByUrn(target.client, target.ref, urns, signal);
  return isAllocated(plan, ledgerRows(transactions, String(facts.currency))) ? [{}] : [];
}

function ledgerRows(transactions: readonly SageTransaction[], currency: string): Map<string, LedgerRow> {
  const digits = currencyDigits(currency) ?? 2;
  const minor = (text: string) => minorFromDecimal(text, digits) ?? 0n;
  return new Map(
    transactions.map((row) => {
      const allocatedTo = new Map<string, bigint>();
      for (const { urn, amount } of row.allocations) {
        const size = minor(amount) < 0n ? -minor(amount) : minor(amount);
        allocatedTo.set(urn, (allocatedTo.get(urn) ?? 0n) + size);
      }
      return [row.urn, { urn: row.urn, id: row.id, outstandingMinor: minor(row.outstanding), allocatedTo }];
    }),
  );
}

const planFacts = ({ payerUrn, payerSign, leftBefore, shares }: AllocationPlan) => ({
  payerUrn,
  payerSign,
  leftBefore: Object.fromEntries([...leftBefore].map(([urn, minor]) => [urn, minor.toString()])),
  shares: shares.map(({ urn, amountMinor, haveMinor }) => ({
    urn,
    amountMinor: amountMinor.toString(),
    haveMinor: haveMinor.toString(),
  })),
});

function planOfFacts(facts: StepFacts): AllocationPlan {
  const plan = facts.plan as ReturnType<typeof planFacts>;
  // what an earlier version of the gateway has sent lacks it
  const leftBefore = Object.entries((plan as Partial<typeof plan>).leftBefore ?? {});
  return {
    ...plan,
    leftBefore: new Map(leftBefore.map(([urn, minor]) => [urn, BigInt(minor)])),
    shares: plan.shares.map(({ urn, amountMinor, haveMinor }) => ({
      urn,
      amountMinor: BigInt(amountMinor),
      haveMinor: BigInt(haveMinor),
    })),
  };
}

const NOT_ALLOCATABLE: PushCause = {
  code: 'ACCOUNT_NOT_ALLOCATABLE',
  key: '',
  subject: null,
  message: 'The account is of a type whose transactions Sage allocates by itself, or not at all.',
  remedy: 'The posting stands. Skip the allocation, or allocate in Sage.',
};

const goneCause = (urn: string): PushCause => ({
  code: 'TRANSACTION_GONE',
  key: '',
  subject: null,
  message: `Sage's current ledger has no transaction with URN ${urn}: it is archived, or gone.`,
  remedy: 'The posting stands. Allocate it in Sage as it should be, and skip this push.',
});

const queriedCause = ({ urn, reference }: SageTransaction): PushCause => ({
  code: 'TRANSACTION_QUERIED',
  key: `TRANSACTION:${urn}`,
  subject: `the transaction ${reference} (URN ${urn})`,
  message: `The transaction ${reference} (URN ${urn}) is under query in Sage, which blocks allocation.`,
  remedy: 'Take the query flag off in Sage. The allocation goes by itself then.',
});

function shortCause(urn: string, rows: ReadonlyMap<string, LedgerRow>, currency: string): PushCause {
  const left = decimalFromMinor(rows.get(urn)?.outstandingMinor ?? 0n, currencyDigits(currency) ?? 2);
  return {
    code: 'NOT_ENOUGH_OUTSTANDING',
    key: '',
    subject: null,
    message: `The transaction with URN ${urn} has ${left} ${currency} left in Sage, which is less than is to be allocated.`,
    remedy:
      'Somebody allocated it in Sage already. Undo that there and try again, or skip the allocation: the posting stands.',
  };
}
