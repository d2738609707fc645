import { asRow, requiredInteger, type Row, RowFault, rows } from './decode.js';
import type { SageClient } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { badAnswer, SageError } from './sage-error.js';

export interface SageSalesLedgerSettings {
  /** Days after which each ageing period begins, ascending. Empty when the company has set none up. */
  ageingPeriodStarts: number[];
}

const PATH = '/sales_ledger_settings';

/** The settings stand alone: an object, or a list of one row. The periods come with the row, or when they are asked for. */
export async function readSalesLedgerSettings(
  client: SageClient,
  company: SageCompanyRef,
  signal?: AbortSignal,
): Promise<SageSalesLedgerSettings> {
  const query = { $top: 1, $orderby: 'id asc' };
  try {
    const settings = settingsIn(await client.get(PATH, { company, query, signal }));
    if (settings.ageing_periods !== undefined) return decode(settings);
    return decode(
      settingsIn(await client.get(PATH, { company, query: { ...query, $expand: 'ageing_periods' }, signal })),
    );
  } catch (error) {
    // A release that lacks the settings says 404, one that does not know the expansion 400
    if (error instanceof SageError && ['not_found', 'refused'].includes(error.kind)) return { ageingPeriodStarts: [] };
    throw error;
  }
}

function settingsIn(answer: unknown): Row {
  const list = Array.isArray(answer) ? answer : (answer as { value?: unknown } | null)?.value;
  const settings: unknown = Array.isArray(list) ? list[0] : answer;
  if (typeof settings === 'object' && settings !== null) return settings as Row;
  throw badAnswer('Sage answered no sales ledger settings.');
}

function decode(settings: Row): SageSalesLedgerSettings {
  try {
    const starts = rows(asRow(settings), 'ageing_periods').map((period) =>
      requiredInteger(period, 'days_period_starts_after'),
    );
    return { ageingPeriodStarts: [...new Set(starts)].sort((a, b) => a - b) };
  } catch (error) {
    if (error instanceof RowFault) throw badAnswer(`Sage's ageing periods cannot be read: ${error.message}.`);
    throw error;
  }
}
