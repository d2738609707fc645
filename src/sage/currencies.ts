import { isCurrencyCode } from '../common/currency.js';
import type { SageClient } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { SageError } from './sage-error.js';
import { child, flag, optionalId, optionalText, requiredId, text, type WireRow, wireRow } from './wire.js';

export interface SageCurrency {
  id: number;
  /** ISO 4217, or null where nothing that Sage says about the currency gives one. */
  isoCode: string | null;
  name: string;
  symbol: string;
  isBase: boolean;
}

/** Sage has at most 99 currencies (sage200.md §3.4). */
const LIST = { $orderby: 'id asc', $top: '500' };

export async function listCurrencies(
  client: SageClient,
  company: SageCompanyRef,
  signal?: AbortSignal,
): Promise<SageCurrency[]> {
  const answer = await client.getList(company, '/currencies', { ...LIST, $expand: 'currency_iso_code' }, signal);
  const rows = answer.map(wireRow);
  const needsCodes = rows.some((row) => expandedCode(row) === null && optionalId(row, 'currency_iso_code_id') !== null);
  const codes = needsCodes ? await listIsoCodes(client, company, signal) : new Map<number, string>();
  return rows.map((row) => ({
    id: requiredId(row, 'id'),
    isoCode: isoCodeOf(row, codes),
    name: text(row, 'name'),
    symbol: text(row, 'symbol'),
    isBase: flag(row, 'is_base_currency'),
  }));
}

const CODE_BY_SYMBOL: Record<string, string> = { '£': 'GBP', '€': 'EUR', $: 'USD' };

/** The ISO record, by expansion or by id; else the name, where it is a code (the wire says "GBP"); else the symbol. */
function isoCodeOf(row: WireRow, codes: ReadonlyMap<number, string>): string | null {
  const candidates = [
    expandedCode(row),
    codes.get(optionalId(row, 'currency_iso_code_id') ?? -1),
    text(row, 'name').trim().toUpperCase(),
    CODE_BY_SYMBOL[text(row, 'symbol').trim()],
  ];
  return candidates.find((code) => typeof code === 'string' && isCurrencyCode(code)) ?? null;
}

function expandedCode(row: WireRow): string | null {
  const expanded = child(row, 'currency_iso_code');
  return expanded && optionalText(expanded, 'code');
}

async function listIsoCodes(
  client: SageClient,
  company: SageCompanyRef,
  signal?: AbortSignal,
): Promise<Map<number, string>> {
  try {
    const answer = await client.getList(company, '/currency_iso_codes', LIST, signal);
    return new Map(answer.map(wireRow).map((row) => [requiredId(row, 'id'), text(row, 'code')]));
  } catch (error) {
    // an endpoint that an older release lacks answers 404 (sage200.md §1.1): name and symbol are left
    if (error instanceof SageError && error.kind === 'not_found') return new Map();
    throw error;
  }
}
