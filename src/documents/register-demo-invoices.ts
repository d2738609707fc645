import type { Clock } from '../common/clock.js';
import { currencyDigits } from '../common/currency.js';
import { decimalFromMinor } from '../common/money.js';
import type { Database, Queryable } from '../database/database.js';
import { type DocumentDraft, type DraftLine, NOTHING_RETURNED } from './document-draft.js';
import { addDocuments, type DocumentToStore, storeParts } from './store-document.js';

/** Gives the event loop its turn between batches. */
const BATCH = 1_000;

/** A posted invoice of an account that is linked. */
export interface PostedInvoice {
  companyId: number;
  urn: string;
  reference: string;
  customerLayerId: string;
  issuedOn: string;
  dueOn: string | null;
  currency: string;
  netMinor: bigint;
  vatMinor: bigint;
}

/**
 * Registers every posted invoice of linked accounts, so that the demo has invoices to match receipts with. Does nothing once the
 * instance has any document. To be called when the accounts have been linked. Answers how many it registered.
 */
export function registerDemoInvoices(database: Database, instanceId: number, clock: Clock): Promise<number> {
  // all or nothing: a start that is broken off must not leave half a demo that the next one takes for the whole
  return database.transaction(async (transaction) => {
    const known = await transaction.query('SELECT 1 AS known FROM document WHERE instance_id = ? LIMIT 1', [
      instanceId,
    ]);
    if (known.length > 0) return 0;
    const documents = (await readPostedInvoices(transaction, instanceId)).map(demoDocument);
    for (let from = 0; from < documents.length; from += BATCH) {
      const batch = documents.slice(from, from + BATCH);
      await addDocuments(transaction, instanceId, batch, clock);
      await storeParts(transaction, instanceId, batch);
    }
    return documents.length;
  });
}

interface Product {
  nominalCode: string;
  description: string;
}
const PRODUCTS: readonly [Product, ...Product[]] = [
  { nominalCode: '4000', description: 'Line rental' },
  { nominalCode: '4010', description: 'Call charges' },
  { nominalCode: '4020', description: 'Broadband' },
  { nominalCode: '4030', description: 'Mobiles' },
];

/** From 10.00 two lines, of which the first has about two thirds. */
const TWO_LINES_FROM_MINOR = 1_000n;

/** The invoice as The Layer would have it: one or two lines of one VAT code, which add up to the posting. Pure. */
export function demoDocument(posted: PostedInvoice): DocumentToStore {
  const { companyId, urn, currency, netMinor, vatMinor } = posted;
  const firstNet = netMinor >= TWO_LINES_FROM_MINOR ? (netMinor * 2n) / 3n : netMinor;
  const firstVat = netMinor >= TWO_LINES_FROM_MINOR ? (vatMinor * 2n) / 3n : vatMinor;
  const parts = [
    { netMinor: firstNet, vatMinor: firstVat },
    { netMinor: netMinor - firstNet, vatMinor: vatMinor - firstVat },
  ].filter((part, index) => index === 0 || part.netMinor > 0n);
  const firstProduct = Number(BigInt(urn.replace(/\D/g, '') || '0') % BigInt(PRODUCTS.length));
  const digits = currencyDigits(currency) ?? 2;
  const lines = parts.map((part, index): DraftLine => ({
    layerId: `L${index + 1}`,
    ...(PRODUCTS[(firstProduct + index) % PRODUCTS.length] ?? PRODUCTS[0]),
    vatCode: demoVatCode(netMinor, vatMinor),
    net: decimalFromMinor(part.netMinor, digits),
    vat: decimalFromMinor(part.vatMinor, digits),
  }));
  const draft: DocumentDraft = {
    kind: 'INVOICE',
    layerId: `INV-${companyId}-${urn}`,
    reference: posted.reference.trim() || urn,
    customerLayerId: posted.customerLayerId,
    subCompanyLayerId: null,
    paymentMethodLayerId: null,
    datedOn: posted.issuedOn,
    dueOn: posted.dueOn,
    currency: null,
    amount: null,
    lines,
    shares: [],
    returns: NOTHING_RETURNED,
  };
  const amounts = { netMinor, vatMinor, grossMinor: netMinor + vatMinor, lines: parts, shares: [] };
  return { draft, amounts, currency, registered: { companyId, urn } };
}

/** As mapDemo names them; by the rate, to the nearest: standard, reduced, zero. */
function demoVatCode(netMinor: bigint, vatMinor: bigint): string {
  if (vatMinor === 0n) return 'Z';
  return vatMinor * 8n > netMinor ? 'S' : 'R';
}

/** Indexes: customer_link's primary key, then sage_transaction_of_account. */
async function readPostedInvoices(database: Queryable, instanceId: number): Promise<PostedInvoice[]> {
  const rows = await database.query<
    Omit<PostedInvoice, 'netMinor' | 'vatMinor'> & Record<'net' | 'gross', number | string>
  >(
    `SELECT t.company_id AS companyId, t.urn AS urn, t.reference AS reference, l.customer_layer_id AS customerLayerId,
            t.transaction_date AS issuedOn, t.due_date AS dueOn, t.currency AS currency, t.net_minor AS net, t.gross_minor AS gross
       FROM customer_link l JOIN sage_transaction t
         ON t.instance_id = l.instance_id AND t.company_id = l.company_id AND t.account_sage_id = l.account_sage_id
      WHERE l.instance_id = ? AND t.kind = 'INVOICE' AND t.gross_minor > 0 AND t.deleted_at IS NULL`,
    [instanceId],
  );
  return rows.map(({ net, gross, ...row }) => ({
    ...row,
    companyId: Number(row.companyId),
    netMinor: BigInt(net),
    vatMinor: BigInt(gross) - BigInt(net),
  }));
}
