import { chunks, placeholders } from '../database/bulk.js';
import type { Queryable } from '../database/database.js';
import type { DocumentRow } from '../documents/document-rows.js';
import type { PushStatus } from '../pushes/push-status.js';
import { readAllocations } from '../transactions/transaction-rows.js';
import { receiptKeyText } from './receipt-rows.js';
import { Pairs } from './used-amounts.js';

/** Where an invoice stands in Sage. */
export interface InvoicePosting {
  companyId: number;
  /** Null until it is posted. */
  urn: string | null;
  /** When the gateway posted it, epoch ms; null when it did not. */
  postedAt: number | null;
  /** Null until the cache has it. */
  accountSageId: number | null;
  queried: boolean;
}

/** An invoice and all that has been taken of it, in The Layer and in Sage. */
export interface InvoiceState {
  row: DocumentRow;
  /** Null for a registered invoice. */
  pushStatus: PushStatus | null;
  /** Null while nothing says where it goes. */
  posting: InvoicePosting | null;
  /** By the transactions that pay or credit it, keyed as receiptKeyText. */
  pairs: Pairs;
  /** What The Layer's shares leave open; what Sage has allocated beyond them is not in it. */
  outstandingMinor: bigint;
}

/** What has been taken of these invoices. Statements: one for the postings, one for the shares, one per Sage company for the allocations. */
export async function readInvoiceStates(
  database: Queryable,
  instanceId: number,
  invoices: readonly DocumentRow[],
): Promise<Map<string, InvoiceState>> {
  const [postings, shares] = await Promise.all([
    readInvoicePostings(database, instanceId, invoices),
    readPostedShares(
      database,
      instanceId,
      invoices.map(({ layerId }) => layerId),
    ),
  ]);
  const states = new Map<string, InvoiceState>(
    invoices.map((row) => {
      const posting = postings.get(row.layerId);
      return [
        row.layerId,
        {
          row,
          pushStatus: posting?.pushStatus ?? null,
          posting: posting?.posting ?? null,
          pairs: new Pairs(),
          outstandingMinor: row.grossMinor,
        },
      ];
    }),
  );
  for (const share of shares) {
    const state = states.get(share.invoiceLayerId);
    if (!state) continue;
    state.outstandingMinor -= share.amountMinor;
    state.pairs.addLayer(share.key, share.amountMinor);
  }
  await addAllocations(database, instanceId, states);
  return states;
}

interface PostedInvoice {
  pushStatus: PushStatus | null;
  posting: InvoicePosting | null;
}

/** By primary keys, and the URN of the ledger. */
async function readInvoicePostings(
  database: Queryable,
  instanceId: number,
  invoices: readonly DocumentRow[],
): Promise<Map<string, PostedInvoice>> {
  const found = new Map<string, PostedInvoice>();
  for (const chunk of chunks(invoices)) {
    const rows = await database.query<Record<string, string | number | null>>(
      `SELECT d.layer_id AS layerId, p.status AS pushStatus, p.posted_at AS postedAt, d.registered_urn AS registeredUrn,
              COALESCE(d.registered_company_id, p.company_id) AS companyId, COALESCE(d.registered_urn, p.urn) AS urn,
              t.account_sage_id AS accountSageId, t.query_letter AS queryLetter
         FROM document d
         LEFT JOIN push p ON p.instance_id = d.instance_id AND p.id = d.push_id
         LEFT JOIN sage_transaction t ON t.instance_id = d.instance_id
           AND t.company_id = COALESCE(d.registered_company_id, p.company_id) AND t.urn = COALESCE(d.registered_urn, p.urn)
        WHERE d.instance_id = ? AND d.kind = 'INVOICE' AND d.layer_id IN (${placeholders(chunk.length)})`,
      [instanceId, ...chunk.map(({ layerId }) => layerId)],
    );
    for (const row of rows) {
      found.set(String(row.layerId), {
        pushStatus: row.registeredUrn === null ? (row.pushStatus as PushStatus | null) : null,
        posting:
          row.companyId === null
            ? null
            : {
                companyId: Number(row.companyId),
                urn: row.urn as string | null,
                postedAt: numberOrNull(row.postedAt),
                accountSageId: numberOrNull(row.accountSageId),
                queried: (row.queryLetter ?? '') !== '',
              },
      });
    }
  }
  return found;
}

interface PostedShare {
  invoiceLayerId: string;
  /** Of the payer's posting; null until it has one. */
  key: string | null;
  amountMinor: bigint;
}

/** What payments, credit notes and matches have of these invoices, with where the payer stands in Sage. Index: document_share_of_invoice. */
async function readPostedShares(
  database: Queryable,
  instanceId: number,
  invoiceLayerIds: readonly string[],
): Promise<PostedShare[]> {
  const shares: PostedShare[] = [];
  for (const chunk of chunks(invoiceLayerIds)) {
    const rows = await database.query<Record<string, string | number | null>>(
      `SELECT s.invoice_layer_id AS invoiceLayerId, s.amount_minor AS amountMinor,
              COALESCE(d.registered_company_id, p.company_id) AS companyId, COALESCE(d.registered_urn, p.urn) AS urn
         FROM document_share s
         JOIN document d ON d.instance_id = s.instance_id AND d.kind = s.kind AND d.layer_id = s.document_layer_id
         LEFT JOIN push p ON p.instance_id = d.instance_id AND p.id = d.push_id
        WHERE s.instance_id = ? AND s.invoice_layer_id IN (${placeholders(chunk.length)})
          AND d.reversed_at IS NULL AND (p.status IS NULL OR p.status <> 'SKIPPED')`,
      [instanceId, ...chunk],
    );
    for (const { invoiceLayerId, amountMinor, companyId, urn } of rows) {
      shares.push({
        invoiceLayerId: String(invoiceLayerId),
        key: companyId === null || urn === null ? null : `${companyId}:${urn}`,
        amountMinor: BigInt(amountMinor as string),
      });
    }
  }
  return shares;
}

async function addAllocations(
  database: Queryable,
  instanceId: number,
  states: ReadonlyMap<string, InvoiceState>,
): Promise<void> {
  const byKey = new Map<string, InvoiceState>();
  const urnsOf = new Map<number, string[]>();
  for (const state of states.values()) {
    const { companyId, urn } = state.posting ?? { companyId: 0, urn: null };
    if (urn === null) continue;
    byKey.set(receiptKeyText({ companyId, urn }), state);
    urnsOf.set(companyId, [...(urnsOf.get(companyId) ?? []), urn]);
  }
  for (const [companyId, urns] of urnsOf) {
    for (const chunk of chunks(urns)) {
      for (const { urn, otherUrn, amountMinor } of await readAllocations(database, instanceId, companyId, chunk)) {
        byKey
          .get(receiptKeyText({ companyId, urn }))
          ?.pairs.addSage(receiptKeyText({ companyId, urn: otherUrn }), amountMinor);
      }
    }
  }
}

const numberOrNull = (value: string | number | null | undefined) =>
  value === null || value === undefined ? null : Number(value);
