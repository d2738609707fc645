import type { SageClient } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { optionalId, rows, type WireRow, wireRow } from './wire.js';

export interface SalesLedgerSettings {
  /** `days_period_starts_after` of each ageing period, ascending. */
  ageingPeriodStarts: number[];
}

export async function readSalesLedgerSettings(
  client: SageClient,
  company: SageCompanyRef,
  signal?: AbortSignal,
): Promise<SalesLedgerSettings> {
  const plain = await readRow(client, company, {}, signal);
  const row =
    rows(plain, 'ageing_periods').length > 0
      ? plain
      : await readRow(client, company, { $expand: 'ageing_periods' }, signal);
  const starts = rows(row, 'ageing_periods').map((period) => optionalId(period, 'days_period_starts_after'));
  const ageingPeriodStarts = starts.filter((days): days is number => days !== null && days > 0).sort((a, b) => a - b);
  return { ageingPeriodStarts };
}

/** One object, or a list with one row. */
async function readRow(
  client: SageClient,
  company: SageCompanyRef,
  query: Record<string, string>,
  signal?: AbortSignal,
): Promise<WireRow> {
  const answer = await client.get(company, '/sales_ledger_settings', query, signal);
  const value = (answer as { value?: unknown } | null)?.value ?? answer;
  return wireRow(Array.isArray(value) ? (value[0] ?? {}) : value);
}
