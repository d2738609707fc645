import { expect } from '@jest/globals';
import { minorToText } from '../../src/sandbox/ledger/money.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import type { TestGateway } from './test-gateway.js';

/** The rows of the sandbox themselves: to look things up in, and for changes that no screen of Sage can make. */
export const ledgerOf = (sandbox: Sandbox) => sandbox.control['api'].ledger;

const ACCOUNTS = `query { sageAccounts(first: 500) {
  totalCount
  nodes {
    sageCustomerId accountNumber name isActive onHold statusReason isOverCreditLimit sageCompany { sageCompanyId }
    balance { amount currency } creditLimit { amount } availableCredit { amount } projectedBalance { amount }
    overdue { amount } unallocatedCredit { amount }
    due: agedDebt { label fromDays toDays amount { amount } }
    dated: agedDebt(basis: TRANSACTION_DATE) { label fromDays toDays amount { amount } }
    freshness { stale }
  } } }`;

interface Bucket {
  label: string;
  fromDays: number;
  toDays: number | null;
  amount: { amount: string };
}
const bucketsOf = (buckets: Bucket[] | null) =>
  buckets?.map(({ amount, ...bucket }) => ({ ...bucket, amount: amount.amount }));

/** Every account, its figures to the penny, none missing and none twice; `today` (YYYY-MM-DD) left out: the sandbox's own. */
export async function expectFiguresOfSage({ data, sandbox }: Pick<TestGateway, 'data' | 'sandbox'>, today?: string) {
  const { sageAccounts } = await data(ACCOUNTS);
  const { control } = sandbox;
  const expected = control
    .status()
    .companies.flatMap(({ companyId }) =>
      control
        .figures(companyId, ...(today === undefined ? [] : [today]))
        .map(({ customerId, ...figures }) => ({ companyId, customerId: String(customerId), ...figures })),
    );
  // oxlint-disable-next-line typescript/no-explicit-any
  const answered = sageAccounts.nodes.map((account: any) => ({
    companyId: account.sageCompany.sageCompanyId,
    customerId: account.sageCustomerId,
    reference: account.accountNumber,
    name: account.name,
    currency: account.balance.currency,
    balance: account.balance.amount,
    creditLimit: account.creditLimit?.amount ?? null,
    availableCredit: account.availableCredit?.amount ?? null,
    isOverCreditLimit: account.isOverCreditLimit,
    onHold: account.onHold,
    statusReason: account.statusReason ?? '',
    isActive: account.isActive,
    overdue: account.overdue?.amount,
    unallocatedCredit: account.unallocatedCredit?.amount,
    agedByDueDate: bucketsOf(account.due),
    agedByTransactionDate: bucketsOf(account.dated),
    projectedBalance: account.projectedBalance?.amount,
    stale: account.freshness.stale,
  }));
  expect(sageAccounts.totalCount).toBe(expected.length);
  expect(answered.sort(byAccount)).toEqual(
    expected.sort(byAccount).map((figures) => ({ ...figures, projectedBalance: figures.balance, stale: false })),
  );
  return expected;
}

interface AccountKey {
  companyId: number;
  customerId: string;
}
const byAccount = (a: AccountKey, b: AccountKey) =>
  a.companyId - b.companyId || Number(a.customerId) - Number(b.customerId);

const TRANSACTIONS = `query ($after: String) { sageTransactions(first: 500, after: $after) {
  totalCount pageInfo { hasNextPage endCursor }
  nodes { urn gross { amount } allocated { amount } outstanding { amount } queried archived
    sageAccount { sageCustomerId sageCompany { sageCompanyId } } } } }`;

/** Every transaction of Sage's ledger, current and archived: none missing, none twice, each with what is matched and what is open. */
export async function expectTransactionsOfSage({ data, sandbox }: Pick<TestGateway, 'data' | 'sandbox'>) {
  const answered: string[] = [];
  let totalCount = 0;
  for (let after: string | null = null, hasNextPage = true; hasNextPage;) {
    const { sageTransactions } = await data(TRANSACTIONS, { after });
    for (const row of sageTransactions.nodes) {
      const { sageCompany, sageCustomerId } = row.sageAccount;
      const amounts = [row.gross, row.allocated, row.outstanding].map(({ amount }) => amount);
      answered.push(
        [sageCompany.sageCompanyId, sageCustomerId, row.urn, ...amounts, row.queried, row.archived].join(' '),
      );
    }
    totalCount = sageTransactions.totalCount;
    ({ hasNextPage, endCursor: after } = sageTransactions.pageInfo);
  }
  const expected = ledgerOf(sandbox)
    .rows<
      Record<'companyId' | 'customerId' | 'urn' | 'gross' | 'allocated' | 'archived', number> & { queried: string }
    >(
      `select company_id as companyId, customer_id as customerId, urn, gross, allocated, queried, is_archived as archived
         from transactions where company_id in (select company_id from companies)`,
    )
    .map(({ companyId, customerId, urn, gross, allocated, queried, archived }) =>
      [
        ...[companyId, customerId, urn, minorToText(gross), minorToText(allocated), minorToText(gross - allocated)],
        ...[queried.trim() !== '', archived === 1],
      ].join(' '),
    );
  expect(totalCount).toBe(expected.length);
  expect(answered.sort()).toEqual(expected.sort());
}
