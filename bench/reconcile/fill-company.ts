import { bulkUpsert, type BulkTable, placeholders } from '../../src/database/bulk.js';
import type { Database } from '../../src/database/database.js';
import type { Dice } from '../matching/dice.js';
import { generateLedger, type LedgerPart, RECEIPT_KINDS, usualOpen } from '../matching/generate-ledger.js';
import type { LedgerCustomer, Truth } from '../matching/generated-ledger.js';
import {
  COMPANY_ID,
  customerLayerIdOf,
  customerValues,
  INSTANCE,
  invoiceLayerId,
  invoiceValues,
  paymentLayerId,
  paymentValues,
  receiptValues,
} from './company-rows.js';
import {
  ACCOUNT,
  COMPANY,
  CUSTOMER,
  DERIVED_OF_INVOICES,
  DERIVED_OF_PAYMENTS,
  DOCUMENT,
  LINK,
  RECEIPT,
  SHARE,
  TRANSACTION,
} from './company-tables.js';
import { runEach, takeIndexesAway } from './indexes.js';

export interface CompanySize {
  openInvoices: number;
  receipts: number;
}

export interface FilledCompany {
  customers: number;
  openInvoices: number;
  /** What is true of each receipt, by its URN. */
  truths: Map<string, { kind: string; truth: Truth }>;
}

/** They need what only a company with a past has: matches that were undone or stand, other accounts, payments of settled invoices. */
const LEFT_OUT = new Set([
  'rest of a receipt',
  'named in another account',
  'named, undone before',
  'one named, double of another',
  'double of a settled one',
]);
const LARGE_TABLES = ['document', 'document_line', 'document_share', 'push', 'sage_transaction', 'receipt'];
const FIRST_URN = 10_000_000;
const AT_ONCE = 10_000;
/** So long ago that nobody takes the payments of settled invoices for receipts of today. */
const SETTLED_ON = '2019-01-01';

/** Fills a Sage company and The Layer's documents, all of them posted, with generated customers and their receipts. */
export async function fillCompany(database: Database, size: CompanySize, seed: number): Promise<FilledCompany> {
  await database.transaction((transaction) =>
    bulkUpsert(transaction, COMPANY, [[INSTANCE, COMPANY_ID, 'S', 1, 'Reseller Ltd', 'GBP', '', 1, 1]]),
  );
  const indexes = await takeIndexesAway(database, LARGE_TABLES);
  const filled: FilledCompany = { customers: 0, openInvoices: 0, truths: new Map() };
  let batch = new Batch(FIRST_URN);
  for (const part of generateLedger(ledgerOptions(size, seed))) {
    const receipts = part.receipts.slice(0, size.receipts - filled.truths.size);
    filled.customers += 1;
    filled.openInvoices += part.customer.invoices.length;
    batch.add({ ...part, receipts }, filled);
    const isEnd = filled.openInvoices >= size.openInvoices;
    if (batch.nextUrn - batch.firstUrn < AT_ONCE && !isEnd) continue;
    await batch.store(database);
    if (isEnd) break;
    batch = new Batch(batch.nextUrn);
  }
  await runEach(database, indexes);
  if (database.dialect === 'mysql')
    await database.query(
      'ANALYZE TABLE document, document_line, document_share, push, sage_transaction, sage_account, customer, customer_link, receipt',
    );
  return filled;
}

function ledgerOptions({ openInvoices, receipts }: CompanySize, seed: number) {
  // some customers have fewer free invoices than receipts were hoped for
  const perInvoice = (1.08 * receipts) / openInvoices;
  return {
    seed,
    openOf: usualOpen,
    receiptsOf: (dice: Dice, open: number) => Math.floor(open * perInvoice + dice.fraction()),
    referenceLengths: [20],
    kinds: RECEIPT_KINDS.filter(({ name }) => !LEFT_OUT.has(name)),
  };
}

/** Some customers' rows, which are stored together. */
class Batch {
  nextUrn: number;
  private readonly rows = new Map<BulkTable, unknown[][]>();
  private readonly queried: number[] = [];

  constructor(readonly firstUrn: number) {
    this.nextUrn = firstUrn;
  }

  add({ customer, receipts }: LedgerPart, filled: FilledCompany): void {
    const accountId = filled.customers;
    const values = customerValues(customer, accountId);
    this.push(ACCOUNT, values.account);
    this.push(CUSTOMER, values.customer);
    this.push(LINK, values.link);
    const layerIds = this.addInvoices(customer, customerLayerIdOf(accountId));
    for (const receipt of receipts) {
      const urn = this.takeUrn();
      const own = receiptValues(receipt, urn, accountId);
      this.push(TRANSACTION, own.transaction);
      this.push(RECEIPT, own.receipt);
      const allocations = receipt.truth.allocations.map(({ invoiceLayerId: generated, amountMinor }) => ({
        invoiceLayerId: layerIds.get(generated) ?? generated,
        amountMinor,
      }));
      filled.truths.set(String(urn), { kind: receipt.kind, truth: { ...receipt.truth, allocations } });
      for (const { reference, paidOn, amountMinor } of receipt.facts.doubles)
        this.addPayment({
          reference,
          customerLayerId: customerLayerIdOf(accountId),
          paidOn,
          currency: customer.currency,
          amountMinor,
        });
    }
  }

  /** Answers the layer ids that the invoices are given, by those that they were generated with. */
  private addInvoices(customer: LedgerCustomer, customerLayerId: string): Map<string, string> {
    const { currency } = customer;
    const layerIds = new Map<string, string>();
    const add = (
      invoice: { layerId: string; number: string; issuedOn: string; dueOn: string },
      grossMinor: bigint,
      outstandingMinor: bigint,
    ) => {
      const urn = this.takeUrn();
      const { number, issuedOn, dueOn } = invoice;
      this.push(
        DOCUMENT,
        invoiceValues({ urn, number, customerLayerId, issuedOn, dueOn, currency, grossMinor, outstandingMinor }),
      );
      layerIds.set(invoice.layerId, invoiceLayerId(urn));
      return urn;
    };
    for (const invoice of customer.invoices) add(invoice, invoice.openMinor, invoice.openMinor);
    for (const invoice of customer.queried) this.queried.push(add(invoice, invoice.openMinor, invoice.openMinor));
    for (const invoice of customer.settled) {
      const urn = add(invoice, invoice.grossMinor, 0n);
      const payment = {
        reference: 'PAID',
        customerLayerId,
        paidOn: SETTLED_ON,
        currency,
        amountMinor: invoice.grossMinor,
      };
      const payer = paymentLayerId(this.addPayment(payment));
      this.push(SHARE, [INSTANCE, 'PAYMENT', payer, 0, invoiceLayerId(urn), null, invoice.grossMinor]);
    }
    return layerIds;
  }

  private addPayment(payment: Omit<Parameters<typeof paymentValues>[0], 'urn'>): number {
    const urn = this.takeUrn();
    this.push(DOCUMENT, paymentValues({ urn, ...payment }));
    return urn;
  }

  store(database: Database): Promise<void> {
    return database.transaction(async (transaction) => {
      for (const [table, rows] of this.rows) await bulkUpsert(transaction, table, rows);
      const last = this.nextUrn - 1;
      for (const sql of DERIVED_OF_INVOICES)
        await transaction.query(sql, [INSTANCE, invoiceLayerId(this.firstUrn), invoiceLayerId(last)]);
      for (const sql of DERIVED_OF_PAYMENTS)
        await transaction.query(sql, [INSTANCE, paymentLayerId(this.firstUrn), paymentLayerId(last)]);
      if (this.queried.length === 0) return;
      await transaction.execute(
        `UPDATE sage_transaction SET query_letter = 'Q' WHERE instance_id = ? AND company_id = ? AND urn IN (${placeholders(this.queried.length)})`,
        [INSTANCE, COMPANY_ID, ...this.queried.map(String)],
      );
    });
  }

  private takeUrn(): number {
    this.nextUrn += 1;
    return this.nextUrn - 1;
  }

  private push(table: BulkTable, values: unknown[]): void {
    const rows = this.rows.get(table);
    if (rows) rows.push(values);
    else this.rows.set(table, [values]);
  }
}
