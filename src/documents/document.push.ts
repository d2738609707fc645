import type { Clock } from '../common/clock.js';
import { currencyDigits } from '../common/currency.js';
import { minorFromDecimal } from '../common/money.js';
import { foldText } from '../common/search-words.js';
import type { Company, CompanyDirectory } from '../companies/company-directory.js';
import type { Database, Transaction } from '../database/database.js';
import type { PushCause } from '../pushes/push-cause.js';
import type { NextMove, PushHandler, PushStep, Sighting, StepFacts } from '../pushes/push-handler.js';
import type { PushRow } from '../pushes/push-rows.js';
import { findPostings, postDocument, readAccountState } from '../sage/postings.js';
import type { SageClient } from '../sage/sage-client.js';
import type { SageClients } from '../sage/sage-clients.js';
import type { SageCompanyRef } from '../sage/sage-company-ref.js';
import { allocationMove, findAllocation } from './allocation.push.js';
import { remainingDifference } from './compare-with-sage.js';
import { type DocumentKind, hasLines, isPayer } from './document-kind.js';
import { counterparts, otherCompany, waitFor } from './counterparts.js';
import { readPostings } from './document-postings.js';
import { type Readiness, readinessWithAccount } from './document-readiness.js';
import { cashBody, documentBody } from './invoice-body.js';
import { readSharesOfPayers } from './document-rows.js';
import type { OpenDates } from './open-dates.push.js';
import { readDocument, type StoredDocument } from './read-document.js';
import { refreshOutstanding } from './refresh-outstanding.js';

export interface DocumentPushParts {
  database: Database;
  sage: SageClients;
  companies: CompanyDirectory;
  clock: Clock;
  dates: OpenDates;
  /** Told, in the transaction that settles it, that money in or money back stands in Sage's ledger. */
  onMoneyPosted?(transaction: Transaction, instanceId: number, companyId: number, urn: string): Promise<void>;
}

/** What a posting is found by again. */
interface PostFacts extends StepFacts {
  customerId: number;
  secondReference: string;
  grossMinor: string;
  currency: string;
}

/** The kinds as the cached ledger names them. */
const LEDGER_KINDS: Readonly<Record<DocumentKind, string>> = {
  INVOICE: 'INVOICE',
  PAYMENT: 'RECEIPT',
  CREDIT_NOTE: 'CREDIT_NOTE',
  REFUND: 'REFUND',
};

/** Brings one kind of document into Sage's ledger: the posting, and then, where it pays or returns something, the allocation. */
export class DocumentPush implements PushHandler {
  constructor(
    readonly kind: DocumentKind,
    private readonly parts: DocumentPushParts,
  ) {}

  async next(push: PushRow, signal: AbortSignal): Promise<NextMove> {
    const document = await readDocument(this.parts.database, push.instanceId, this.kind, push.layerId);
    if (!document) throw new Error(`The document of push ${push.id} is missing.`);
    if (push.postedAt === null) return this.posting(push, document);
    // a retry alone puts nothing right
    const differing = await remainingDifference(this.parts.database, push);
    if (differing) return { kind: 'FAILED', cause: differing };
    if (push.allocatedAt !== null || counterparts(document).length === 0) return { kind: 'DONE' };
    return this.allocation(push, document, signal);
  }

  async lookUp(push: PushRow, stepName: string, facts: StepFacts, signal: AbortSignal): Promise<Sighting[]> {
    const { client, ref } = await this.open(push.instanceId, push.companyId ?? Number(facts.companyId));
    if (stepName === 'ALLOCATE') {
      return findAllocation({ client, ref, companyId: push.companyId ?? 0 }, facts, signal);
    }
    const { customerId, secondReference, grossMinor, currency } = facts as PostFacts;
    const found = await findPostings(client, ref, { kind: this.kind, customerId, secondReference }, signal);
    return found.map(({ urn, id, gross }) =>
      sightingOf(urn, id, minorFromDecimal(gross, currencyDigits(currency) ?? 2) ?? 0n, BigInt(grossMinor), currency),
    );
  }

  /** Index: sage_transaction_by_second_reference. */
  async lookUpInCache(push: PushRow, facts: StepFacts): Promise<Sighting[]> {
    const { customerId, secondReference, grossMinor, currency, companyId } = facts as PostFacts;
    const rows = await this.parts.database.query<Record<'urn' | 'sageId' | 'grossMinor' | 'secondReference', string>>(
      `SELECT urn, sage_id AS sageId, gross_minor AS grossMinor, second_reference AS secondReference FROM sage_transaction
        WHERE instance_id = ? AND second_reference_folded = ? AND company_id = ? AND account_sage_id = ? AND kind = ? AND deleted_at IS NULL`,
      [push.instanceId, foldText(secondReference), companyId, customerId, LEDGER_KINDS[this.kind]],
    );
    return rows
      .filter((row) => row.secondReference.trim() === secondReference)
      .map((row) => sightingOf(row.urn, Number(row.sageId), BigInt(row.grossMinor), BigInt(grossMinor), currency));
  }

  async settle(
    transaction: Transaction,
    push: PushRow,
    stepName: string,
    { urn }: Sighting,
    facts: StepFacts,
  ): Promise<void> {
    if (stepName !== 'POST' || !urn || hasLines(this.kind)) return;
    await this.parts.onMoneyPosted?.(transaction, push.instanceId, Number(facts.companyId), urn);
  }

  /** A payment or credit note that will never go leaves its invoices open. */
  async changed(transaction: Transaction, push: PushRow): Promise<void> {
    if (push.status !== 'SKIPPED' || !isPayer(this.kind)) return;
    const shares = await readSharesOfPayers(transaction, push.instanceId, this.kind, [push.layerId]);
    const invoices = (shares.get(push.layerId) ?? []).map(({ invoiceLayerId }) => invoiceLayerId);
    await refreshOutstanding(transaction, push.instanceId, invoices);
  }

  private async posting(push: PushRow, document: StoredDocument): Promise<NextMove> {
    const ready = await this.readiness(push, document);
    if (ready.kind === 'HELD') return { kind: 'HELD', cause: ready.held, needs: ready.needs };
    if (ready.kind === 'WAITING') return { kind: 'WAITING', needs: ready.needs };
    const { mappings, accountSageId, accountCurrency } = ready;
    if (accountCurrency !== document.currency)
      return { kind: 'FAILED', cause: otherCurrency(document, accountCurrency) };
    const { client, ref, company } = await this.open(push.instanceId, ready.companyId);
    const facts: PostFacts = {
      companyId: company.id,
      customerId: accountSageId,
      secondReference: push.sageReference,
      grossMinor: document.grossMinor.toString(),
      currency: document.currency,
    };
    const where = { instanceId: push.instanceId, company, ref, client };
    const step: PushStep = {
      name: 'POST',
      companyId: company.id,
      facts,
      marks: 'POSTED',
      isLast: counterparts(document).length === 0,
      lookFirst: 'LEDGER',
      touches: { accountIds: [accountSageId], urns: [] },
      preflight: (signal) => this.parts.dates.causeOf(where, document.datedOn, { isFresh: false, signal }),
      send: (beforeSend, signal) => {
        const body = (hasLines(this.kind) ? documentBody : cashBody)(
          document,
          mappings,
          accountSageId,
          push.sageReference,
        );
        return postDocument(client, ref, this.kind, body, { beforeSend, signal });
      },
      diagnose: (signal) => this.diagnose(where, document, accountSageId, signal),
    };
    return { kind: 'STEP', step };
  }

  /** Why Sage refused a posting, by what it says of the date and the account: its messages are not documented (sage200.md §8). */
  private async diagnose(
    where: { instanceId: number; company: Company; ref: SageCompanyRef; client: SageClient },
    document: StoredDocument,
    accountSageId: number,
    signal: AbortSignal,
  ): Promise<{ cause: PushCause; isHold: boolean } | null> {
    const closed = await this.parts.dates.causeOf(where, document.datedOn, { isFresh: true, signal });
    if (closed) return { cause: closed, isHold: true };
    const state = await readAccountState(where.client, where.ref, accountSageId, signal);
    const about = {
      key: `ACCOUNT:${where.company.id}:${accountSageId}`,
      subject: `the account of customer ${document.customerLayerId} in Sage company ${where.company.name}`,
    };
    if (state === null) {
      const message = 'The account was deleted in Sage.';
      const remedy =
        'Link the customer to another account, or send it again so that an account is made; then try again.';
      return { cause: { code: 'ACCOUNT_GONE', ...about, message, remedy }, isHold: false };
    }
    if (!state.isActive) {
      const message = 'The account is hidden in Sage, and takes no postings.';
      return {
        cause: { code: 'ACCOUNT_HIDDEN', ...about, message, remedy: 'Make it active in Sage. It goes by itself then.' },
        isHold: true,
      };
    }
    if (state.onHold) {
      const message = `The account is on hold in Sage, which refuses the posting${state.reason ? ` (${state.reason})` : ''}.`;
      return {
        cause: {
          code: 'ACCOUNT_ON_HOLD',
          ...about,
          message,
          remedy: 'Take it off hold in Sage. It goes by itself then.',
        },
        isHold: true,
      };
    }
    return null;
  }

  private async allocation(push: PushRow, document: StoredDocument, signal: AbortSignal): Promise<NextMove> {
    const wanted = counterparts(document);
    const postings = await readPostings(this.parts.database, push.instanceId, wanted);
    const open = wanted.filter((_, index) => postings[index]?.urn === null || postings[index] === null);
    if (open.length > 0) return waitFor(open, postings);
    const stranger = postings.find((posting) => posting?.companyId !== push.companyId);
    if (stranger) return { kind: 'FAILED', cause: otherCompany(stranger) };
    const { client, ref } = await this.open(push.instanceId, push.companyId ?? 0);
    return allocationMove(
      { client, ref, companyId: push.companyId ?? 0 },
      {
        currency: document.currency,
        payer: { urn: push.urn ?? '', postedAt: push.postedAt },
        payerSign: this.kind === 'REFUND' ? 1 : -1,
        shares: wanted.map(({ amountMinor }, index) => ({
          urn: postings[index]?.urn ?? '',
          postedAt: postings[index]?.postedAt ?? null,
          amountMinor,
        })),
      },
      this.parts.clock.now().getTime(),
      signal,
    );
  }

  private readiness(push: PushRow, document: StoredDocument): Promise<Readiness> {
    return this.parts.database.transaction((transaction) =>
      readinessWithAccount(transaction, this.parts.clock, push.instanceId, document),
    );
  }

  private async open(instanceId: number, companyId: number) {
    const company = await this.parts.companies.company(instanceId, companyId);
    const ref = { siteId: company.siteId, companyId: company.sageCompanyId };
    return { client: this.parts.sage.client(instanceId), ref, company };
  }
}

function sightingOf(urn: string, sageId: number, ledgerMinor: bigint, wantedMinor: bigint, currency: string): Sighting {
  const size = ledgerMinor < 0n ? -ledgerMinor : ledgerMinor;
  if (size === wantedMinor) return { urn, sageId };
  return {
    urn,
    sageId,
    fault: {
      code: 'AMOUNT_DIFFERS_IN_SAGE',
      key: '',
      subject: null,
      message: `Sage has it under URN ${urn} with another amount than the document's (${currency}).`,
      remedy: 'Correct the posting in Sage, and skip this push with a word on what was done.',
    },
  };
}

const otherCurrency = ({ currency }: StoredDocument, accountCurrency: string): PushCause => ({
  code: 'CURRENCY_MISMATCH',
  key: '',
  subject: null,
  message: `The document is in ${currency}, the account in Sage in ${accountCurrency}.`,
  remedy: 'Send the document again in the currency of the account.',
});
