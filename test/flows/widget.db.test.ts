import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const ACCOUNTS = `query ($after: String) { sageAccounts(first: 500, after: $after) {
  totalCount pageInfo { hasNextPage endCursor }
  nodes {
    sageCustomerId accountNumber name isActive onHold statusReason isOverCreditLimit sageCompany { sageCompanyId }
    balance { amount currency } creditLimit { amount } availableCredit { amount } projectedBalance { amount }
    overdue { amount } unallocatedCredit { amount }
    due: agedDebt { label fromDays toDays amount { amount } }
    dated: agedDebt(basis: TRANSACTION_DATE) { label fromDays toDays amount { amount } }
    freshness { stale }
  } } }`;

test("every account's figures are those of Sage's own ledger, to the penny", async () => {
  const { sageAccounts } = await gateway.data(ACCOUNTS);
  const companies = gateway.sandbox.control.status().companies;
  const expected = companies.flatMap(({ companyId }) =>
    gateway.sandbox.control.figures(companyId).map((figures) => ({ companyId, ...figures })),
  );
  expect(sageAccounts.nodes).toHaveLength(expected.length);
  expect(new Set(expected.map(({ currency }) => currency)).size).toBeGreaterThan(1);
  const amounts = (buckets: { label: string; fromDays: number; toDays: number | null; amount: { amount: string } }[]) =>
    buckets.map(({ amount, ...bucket }) => ({ ...bucket, amount: amount.amount }));
  for (const figures of expected) {
    const account = sageAccounts.nodes.find(
      (node: { sageCustomerId: string; sageCompany: { sageCompanyId: number } }) =>
        node.sageCustomerId === String(figures.customerId) && node.sageCompany.sageCompanyId === figures.companyId,
    );
    expect({
      reference: account.accountNumber,
      name: account.name,
      currency: account.balance.currency,
      balance: account.balance.amount,
      creditLimit: account.creditLimit?.amount ?? null,
      availableCredit: account.availableCredit?.amount ?? null,
      isOverCreditLimit: account.isOverCreditLimit,
      onHold: account.onHold,
      statusReason: account.statusReason,
      isActive: account.isActive,
      overdue: account.overdue.amount,
      unallocatedCredit: account.unallocatedCredit.amount,
      agedByDueDate: amounts(account.due),
      agedByTransactionDate: amounts(account.dated),
    }).toEqual({
      reference: figures.reference,
      name: figures.name,
      currency: figures.currency,
      balance: figures.balance,
      creditLimit: figures.creditLimit,
      availableCredit: figures.availableCredit,
      isOverCreditLimit: figures.isOverCreditLimit,
      onHold: figures.onHold,
      statusReason: figures.statusReason || null,
      isActive: figures.isActive,
      overdue: figures.overdue,
      unallocatedCredit: figures.unallocatedCredit,
      agedByDueDate: figures.agedByDueDate,
      agedByTransactionDate: figures.agedByTransactionDate,
    });
    expect(account.projectedBalance.amount).toBe(figures.balance);
    expect(account.freshness.stale).toBe(false);
  }
});
