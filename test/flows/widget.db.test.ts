import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { expectFiguresOfSage, expectTransactionsOfSage } from '../support/sage-ledger.js';
import { startTestGateway, type TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    sandbox: { customers: 300, transactions: 12_000 },
    // on a busy machine a pull of each second is late, and says so: here nothing is to be stale
    variables: { SYNC_TRANSACTIONS_SECONDS: '10', SYNC_CUSTOMERS_SECONDS: '10' },
  });
});
afterAll(() => gateway.close());

test("every account's figures are those of Sage's own ledger, to the penny", async () => {
  const expected = await expectFiguresOfSage(gateway);
  expect(new Set(expected.map(({ currency }) => currency)).size).toBeGreaterThan(1);
});

test("every transaction of Sage's ledger is there once, with what is matched and what is open", () =>
  expectTransactionsOfSage(gateway));
