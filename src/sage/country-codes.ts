import { asRow, requiredInteger, RowFault } from './decode.js';
import { odataText } from './odata.js';
import type { SageClient } from './sage-client.js';
import type { SageCompanyRef } from './sage-company-ref.js';
import { badAnswer } from './sage-error.js';

/** Sage's id of a country by its ISO 3166-1 alpha-2 code; null when the company's list lacks it. */
export async function countryIdOf(
  client: SageClient,
  company: SageCompanyRef,
  code: string,
  signal?: AbortSignal,
): Promise<number | null> {
  const query = { $filter: `code eq ${odataText(code)}`, $orderby: 'id asc', $top: 1 };
  const [country] = await client.list('/country_codes', { company, query, signal });
  if (country === undefined) return null;
  try {
    return requiredInteger(asRow(country), 'id');
  } catch (error) {
    if (error instanceof RowFault) throw badAnswer(`A country of Sage's cannot be read: ${error.message}.`);
    throw error;
  }
}
