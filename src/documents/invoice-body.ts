import { LosslessNumber, stringify } from 'lossless-json';
import { currencyDigits } from '../common/currency.js';
import { decimalFromMinor } from '../common/money.js';
import type { PostingMappings } from '../mappings/posting-mappings.js';

export interface PostedLine {
  description: string;
  nominalCode: string;
  vatCode: string;
  netMinor: bigint;
  vatMinor: bigint;
}

/** What of a document is posted; a StoredDocument is one, too. */
export interface PostedDocument {
  kind: string;
  reference: string | null;
  datedOn: string;
  dueOn: string | null;
  currency: string;
  netMinor: bigint;
  vatMinor: bigint;
  grossMinor: bigint;
  paymentMethodLayerId: string | null;
  lines: readonly PostedLine[];
}

/** A body as it goes out: amounts are numbers of exactly their digits (see `bodyText`). */
export type PostingBody = Record<string, unknown>;

/** An amount as a JSON number with the currency's digits, e.g. 120.50: never a binary fraction. */
export function exactAmount(minor: bigint, currency: string): LosslessNumber {
  return new LosslessNumber(decimalFromMinor(minor, currencyDigits(currency) ?? 2));
}

const instantOf = (date: string) => `${date}T00:00:00Z`;

/**
 * The body of an invoice or a credit note (sage200.md §5.2): amounts are positive, whichever of the two; tax lines and nominal lines
 * add up to the headline values exactly. Throws for a code that `mappings` lacks: resolveMappings answers for all of them or none.
 */
export function documentBody(
  document: PostedDocument,
  mappings: Pick<PostingMappings, 'nominals' | 'taxCodes'>,
  accountSageId: number,
  sageReference: string,
): PostingBody {
  const { currency } = document;
  return {
    customer_id: accountSageId,
    transaction_date: instantOf(document.datedOn),
    ...(document.dueOn !== null && { due_date: instantOf(document.dueOn) }),
    reference: document.reference ?? '',
    second_reference: sageReference,
    document_goods_value: exactAmount(document.netMinor, currency),
    document_tax_value: exactAmount(document.vatMinor, currency),
    tax_analysis_items: taxLines(document.lines, mappings).map(({ id, netMinor, vatMinor }) => ({
      id,
      goods_amount: exactAmount(netMinor, currency),
      tax_amount: exactAmount(vatMinor, currency),
    })),
    nominal_analysis_items: nominalLines(document.lines, mappings).map(({ triple, narrative, valueMinor }) => ({
      code: triple.reference,
      // given even when empty: left out, they would be the customer's own
      cost_centre: triple.costCentre,
      department: triple.department,
      narrative,
      value: exactAmount(valueMinor, currency),
    })),
  };
}

/** The body of a payment (a receipt in Sage) or a refund (sage200.md §5.3). Amounts are positive. */
export function cashBody(
  document: PostedDocument,
  mappings: Pick<PostingMappings, 'bank'>,
  accountSageId: number,
  sageReference: string,
): PostingBody {
  if (!mappings.bank) throw new Error(`The payment method ${document.paymentMethodLayerId} has no bank account.`);
  return {
    customer_id: accountSageId,
    bank_id: mappings.bank.sageId,
    cheque_value: exactAmount(document.grossMinor, document.currency),
    transaction_date: instantOf(document.datedOn),
    ...(document.reference !== null && { reference: document.reference }),
    second_reference: sageReference,
  };
}

/** The body as JSON text, to the last digit. */
export function bodyText(body: PostingBody): string {
  return stringify(body) ?? '';
}

interface TaxLine {
  id: number;
  netMinor: bigint;
  vatMinor: bigint;
}

/** One for each tax code of Sage: several VAT codes of The Layer may mean the same. */
function taxLines(lines: readonly PostedLine[], { taxCodes }: Pick<PostingMappings, 'taxCodes'>): TaxLine[] {
  const byId = new Map<number, TaxLine>();
  for (const { vatCode, netMinor, vatMinor } of lines) {
    const taxCode = taxCodes.get(vatCode);
    if (!taxCode) throw new Error(`The VAT code ${vatCode} has no tax code.`);
    const line = byId.get(taxCode.sageId) ?? { id: taxCode.sageId, netMinor: 0n, vatMinor: 0n };
    line.netMinor += netMinor;
    line.vatMinor += vatMinor;
    byId.set(line.id, line);
  }
  return [...byId.values()];
}

type Triple = PostingMappings['nominals'] extends ReadonlyMap<string, infer T> ? T : never;
interface NominalLine {
  triple: Triple;
  narrative: string;
  valueMinor: bigint;
}

/**
 * One for each line. A line below nothing (a discount) is set off against the others of its nominal account, as Sage's API knows
 * positive values alone (sage200.md §5.1): these become one, with the narratives of all. Only where the account's lines are below
 * nothing together, the value is negative, and Sage decides.
 */
function nominalLines(lines: readonly PostedLine[], { nominals }: Pick<PostingMappings, 'nominals'>): NominalLine[] {
  const all = lines.map(({ nominalCode, description, netMinor }) => {
    const triple = nominals.get(nominalCode);
    if (!triple) throw new Error(`The nominal code ${nominalCode} has no nominal account.`);
    return { triple, narrative: description, valueMinor: netMinor };
  });
  const keyOf = ({ triple }: NominalLine) => JSON.stringify([triple.reference, triple.costCentre, triple.department]);
  const setOff = new Set(all.filter(({ valueMinor }) => valueMinor < 0n).map(keyOf));
  const merged = new Map<string, NominalLine>();
  return all.flatMap((line) => {
    const key = keyOf(line);
    if (!setOff.has(key)) return [line];
    const first = merged.get(key);
    if (!first) {
      merged.set(key, line);
      return [line];
    }
    first.valueMinor += line.valueMinor;
    first.narrative = Array.from(`${first.narrative}; ${line.narrative}`).slice(0, MAX_NARRATIVE_LENGTH).join('');
    return [];
  });
}

/** sage200.md §5.2. */
const MAX_NARRATIVE_LENGTH = 6_000;
