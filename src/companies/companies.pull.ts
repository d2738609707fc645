import { currencyDigits } from '../common/currency.js';
import { bulkUpsert } from '../database/bulk.js';
import type { Transaction } from '../database/database.js';
import { listCurrencies, type SageCurrency } from '../sage/currencies.js';
import { readSalesLedgerSettings } from '../sage/ledger-settings.js';
import { SageError, type SageErrorKind } from '../sage/sage-error.js';
import type { SageClients } from '../sage/sage-clients.js';
import { listSites, type SageSite } from '../sage/sites.js';
import type { ReferenceChanges } from './reference-changes.js';
import type { Pull, PullPage, PullTarget, RejectedRow, Run } from '../sync/pull.js';

interface CompanyRow {
  site: SageSite;
  currencies: SageCurrency[];
  ageingPeriodStarts: number[];
}

/**
 * The companies of the sign-in, each with its currencies and ageing periods: every other pull leans on these.
 * An empty list of sites says that Sage's server has lost its registration, not that the companies are gone (sage200.md §1.4):
 * the connection turns UNREACHABLE, and nothing is marked.
 */
export function companiesPull(sage: SageClients, changes: ReferenceChanges): Pull {
  return {
    resource: 'COMPANIES',
    scope: 'instance',
    needs: [],
    hasDelta: false,
    passes: [
      {
        name: 'sites',
        inDelta: true,
        quarantineKey: (row: CompanyRow) => siteKey(row.site),
        pages: (target, { signal }) => readEverything(sage, target, signal),
        apply: (transaction, target, page, _range, run) => storeCompanies(transaction, target, page, run, changes),
      },
    ],
    settle: async ({ instanceId }) => changes.settled(instanceId),
  };
}

async function* readEverything(
  sage: SageClients,
  target: PullTarget,
  signal: AbortSignal,
): AsyncGenerator<PullPage<CompanyRow>> {
  const sites = await listSites(sage.client(target.instanceId), signal);
  if (sites.length === 0) {
    await sage.reportEmptySites(target.instanceId);
    throw new Error(
      'Sage answers, but lists no company: its server has probably lost its connection to Sage. Check the API registration on the Sage server.',
    );
  }
  await sage.reportSites(target.instanceId);
  const rows: CompanyRow[] = [];
  const rejected: RejectedRow[] = [];
  for (const site of sites) {
    const row = await readCompany(sage, target, site, signal);
    if ('reason' in row) rejected.push({ key: siteKey(site), reason: row.reason, row: site });
    else if (baseCurrencyOf(row)) rows.push(row);
    else rejected.push({ key: siteKey(site), reason: `The base currency of ${site.companyName} is not known.`, row });
  }
  yield { rows, rejected, lastId: null, complete: true };
}

/** A company that the signed-in user may not open must not keep the others from being read. */
async function readCompany(
  sage: SageClients,
  target: PullTarget,
  site: SageSite,
  signal: AbortSignal,
): Promise<CompanyRow | { reason: string }> {
  const client = sage.client(target.instanceId);
  const company = { siteId: site.siteId, companyId: site.companyId };
  try {
    const currencies = await listCurrencies(client, company, signal);
    const { ageingPeriodStarts } = await readSalesLedgerSettings(client, company, signal);
    return { site, currencies, ageingPeriodStarts };
  } catch (error) {
    if (!(error instanceof SageError) || !NO_ACCESS.has(error.kind)) throw error;
    return { reason: `${site.companyName} cannot be opened: ${error.message}` };
  }
}

const NO_ACCESS: ReadonlySet<SageErrorKind> = new Set(['unauthorized', 'forbidden', 'not_found']);

async function storeCompanies(
  transaction: Transaction,
  target: PullTarget,
  page: PullPage<CompanyRow>,
  run: Run,
  changes: ReferenceChanges,
): Promise<RejectedRow[]> {
  const known = await readKnown(transaction, target);
  const idBySite = new Map(known.map((row) => [siteKey({ siteId: row.siteId, companyId: row.sageCompanyId }), row.id]));
  let nextId = Math.max(0, ...idBySite.values()) + 1;
  const numbered = page.rows.map((row) => ({ ...row, id: idBySite.get(siteKey(row.site)) ?? nextId++ }));

  await bulkUpsert(
    transaction,
    COMPANY_TABLE,
    numbered.map((row) => [
      target.instanceId,
      row.id,
      row.site.siteId,
      row.site.companyId,
      row.site.companyName,
      baseCurrencyOf(row),
      JSON.stringify(row.ageingPeriodStarts),
      1,
      run.startedAt,
    ]),
  );
  // one that is listed but cannot be opened stays as it is: its own pulls fail, say why, and notice when it opens again
  const refusedIds = page.rejected.flatMap(({ key }) => idBySite.get(key ?? '') ?? []);
  for (const id of refusedIds) {
    await transaction.query('UPDATE sage_company SET seen_at = ? WHERE instance_id = ? AND id = ?', [
      run.startedAt,
      target.instanceId,
      id,
    ]);
  }
  await transaction.query('UPDATE sage_company SET is_active = 0 WHERE instance_id = ? AND seen_at < ?', [
    target.instanceId,
    run.startedAt,
  ]);
  await bulkUpsert(
    transaction,
    CURRENCY_TABLE,
    numbered.flatMap((row) =>
      row.currencies.map(({ id, isoCode, name, symbol, isBase }) => [
        target.instanceId,
        row.id,
        id,
        isoCode,
        name,
        symbol,
        isBase ? 1 : 0,
      ]),
    ),
  );
  if (JSON.stringify(known) !== JSON.stringify(await readKnown(transaction, target)))
    await changes.changed(transaction, target.instanceId);
  return [];
}

/** What mappings and postings lean on. */
function readKnown(transaction: Transaction, target: PullTarget) {
  return transaction.query<{ id: number; siteId: string; sageCompanyId: number; currency: string; isActive: number }>(
    `SELECT id, site_id AS siteId, sage_company_id AS sageCompanyId, currency, is_active AS isActive
       FROM sage_company WHERE instance_id = ? ORDER BY id`,
    [target.instanceId],
  );
}

const COMPANY_TABLE = {
  name: 'sage_company',
  key: ['instance_id', 'id'],
  columns: [
    'instance_id',
    'id',
    'site_id',
    'sage_company_id',
    'name',
    'currency',
    'ageing_period_starts',
    'is_active',
    'seen_at',
  ],
};
const CURRENCY_TABLE = {
  name: 'sage_currency',
  key: ['instance_id', 'company_id', 'sage_id'],
  columns: ['instance_id', 'company_id', 'sage_id', 'iso_code', 'name', 'symbol', 'is_base'],
};

function baseCurrencyOf(row: { currencies: SageCurrency[] }): string | null {
  const code = row.currencies.find(({ isBase }) => isBase)?.isoCode ?? null;
  return code !== null && currencyDigits(code) !== null ? code : null;
}

function siteKey(site: { siteId: string; companyId: number }): string {
  return `${site.siteId}:${site.companyId}`;
}
