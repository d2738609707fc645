import { isCurrencyCode } from '../common/currency.js';
import { flag, integer, nested, requiredInteger, type Row, text } from './decode.js';
import { pageReader } from './page-reader.js';
import { readPages } from './pages.js';
import type { SageClient } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';

export interface SageCurrency {
  id: number;
  /** ISO 4217; null when Sage gives nothing to tell it by. */
  isoCode: string | null;
  name: string;
  symbol: string;
  isBase: boolean;
}

interface CurrencyRow extends SageCurrency {
  isoCodeId: number | null;
}

/** The symbols that stand for one currency in a British ledger. */
const CODE_BY_SYMBOL: Readonly<Record<string, string>> = { '£': 'GBP', '€': 'EUR', $: 'USD' };

const readCurrencies = pageReader<CurrencyRow>({
  path: '/currencies',
  expand: 'currency_iso_code',
  decode: currencyOf,
});
const readIsoCodes = pageReader({
  path: '/currency_iso_codes',
  decode: (row: Row) => ({ id: requiredInteger(row, 'id'), code: codeIn(text(row, 'code')) }),
});

/** The company's currencies, at most 99 (sage200.md §3.4). A row that cannot be read is left out. */
export async function listCurrencies(
  client: SageClient,
  company: SageCompanyRef,
  signal?: AbortSignal,
): Promise<SageCurrency[]> {
  const currencies: CurrencyRow[] = [];
  for await (const page of readPages((request) => readCurrencies(client, company, request), { top: 500, signal })) {
    currencies.push(...page.rows);
  }
  const codes = await isoCodesById(client, company, currencies, signal);
  return currencies.map(({ isoCodeId, ...currency }) => ({
    ...currency,
    isoCode: currency.isoCode ?? codes.get(isoCodeId ?? -1) ?? guessedCode(currency),
  }));
}

function currencyOf(row: Row): CurrencyRow {
  const iso = nested(row, 'currency_iso_code');
  return {
    id: requiredInteger(row, 'id'),
    isoCode: iso === null ? null : codeIn(text(iso, 'code')),
    isoCodeId: integer(row, 'currency_iso_code_id'),
    name: text(row, 'name') ?? '',
    symbol: text(row, 'symbol') ?? '',
    isBase: flag(row, 'is_base_currency'),
  };
}

/** Asked for only where the expansion brought no code: the specification shows its object without fields. */
async function isoCodesById(
  client: SageClient,
  company: SageCompanyRef,
  currencies: readonly CurrencyRow[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const ids = currencies.flatMap(({ isoCode, isoCodeId }) => (isoCode === null && isoCodeId ? [isoCodeId] : []));
  const codes = new Map<number, string>();
  if (ids.length === 0) return codes;
  const { rows } = await readIsoCodes(client, company, { top: 500, ids, signal });
  for (const { id, code } of rows) if (code !== null) codes.set(id, code);
  return codes;
}

function guessedCode({ name, symbol }: SageCurrency): string | null {
  return codeIn(name) ?? CODE_BY_SYMBOL[symbol.trim()] ?? null;
}

function codeIn(value: string | null): string | null {
  const code = value?.trim().toUpperCase() ?? '';
  return isCurrencyCode(code) ? code : null;
}
