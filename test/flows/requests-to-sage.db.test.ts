import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sageOpenApi } from '../support/openapi.js';
import { startTestGateway, type TestGateway, until } from '../support/test-gateway.js';

const openApi = sageOpenApi();
if (!openApi) console.log("Left out: the contract test, as Sage's OpenAPI files are not at hand.");

(openApi ? describe : describe.skip)("every request of the gateway is one of Sage's OpenAPI files", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
    // a delta, a sweep and an account asked for by name, beside the first import
    const { startSync } = await gateway.data('mutation { startSync(full: true) { started } }');
    expect(startSync.started).toContain('TRANSACTIONS');
    const { sageAccounts } = await gateway.data('{ sageAccounts(first: 1) { nodes { id } } }');
    const id = sageAccounts.nodes[0].id;
    await gateway.data('mutation ($id: ID!) { refreshSageAccount(id: $id) { userErrors { message } } }', { id });
    await until(() => requests().some(({ query }) => query.$filter?.includes('date_time_updated')), 'a delta');
  });
  afterAll(() => gateway.close());

  const requests = () => gateway.sandbox.control.requests().filter(({ path }) => !/authorize|oauth/.test(path));

  test('each path is known, and only reads are sent', () => {
    for (const { method, path, status } of requests()) {
      expect([method, path, openApi?.rowSchema(path) !== null, status]).toEqual(['GET', path, true, 200]);
    }
    expect(new Set(requests().map(({ path }) => path)).size).toBeGreaterThan(9);
  });

  test('each list is asked for with $top, in an order, by fields that it has', () => {
    for (const { path, query } of requests()) {
      if (path === '/sites' || path === '/sales_ledger_settings') continue;
      const properties = openApi?.rowSchema(path).properties;
      const fields = [
        ...(query.$filter ?? '').replace(/'[^']*'/g, '').matchAll(/([a-z_]+) (?:eq|gt|ge|lt|le|ne) /g),
        ...(query.$orderby ?? '').matchAll(/([a-z_]+)(?: asc| desc)?(?:,|$)/g),
        ...(query.$select ?? '').matchAll(/([a-z_]+)/g),
        ...(query.$expand ?? '').matchAll(/([a-z_]+)/g),
      ].map((match) => match[1]);
      for (const field of fields)
        expect([path, field, field !== undefined && field in properties]).toEqual([path, field, true]);
      expect(Number(query.$top)).toBeLessThanOrEqual(5_000);
      expect(query.$orderby).toBeTruthy();
    }
  });

  test('instants are UTC with Z, and addresses stay short', () => {
    for (const { path, query } of requests()) {
      for (const [, instant] of (query.$filter ?? '').matchAll(/date_time_updated ge (\S+)/g)) {
        expect(instant).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      }
      expect(`${path}?${new URLSearchParams(query)}`.length).toBeLessThan(2_000);
    }
  });
});
