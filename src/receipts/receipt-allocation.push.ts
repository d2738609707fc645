import type { Clock } from '../common/clock.js';
import type { CompanyDirectory } from '../companies/company-directory.js';
import type { Database } from '../database/database.js';
import { type AllocationTarget, allocationMove, findAllocation } from '../documents/allocation.push.js';
import { type DocumentPosting, readPostings } from '../documents/document-postings.js';
import { PREREQUISITE_FAILED, type PushCause } from '../pushes/push-cause.js';
import type { NextMove, PushHandler, Sighting, StepFacts } from '../pushes/push-handler.js';
import { type PushRow, readPushes } from '../pushes/push-rows.js';
import { IN_FLIGHT } from '../pushes/push-status.js';
import type { SageClients } from '../sage/sage-clients.js';
import { type MatchRow, readMatchesOfPushes, readMatchesOfReceipts } from './match-rows.js';

export interface AllocationPushParts {
  database: Database;
  sage: SageClients;
  companies: CompanyDirectory;
  clock: Clock;
}

/**
 * Allocates in Sage what was matched here: one call for all the invoices of one receipt that were matched in one go. What it wants
 * is read from the matches that stand when its turn comes, so that one that was undone meanwhile is not allocated.
 */
export class ReceiptAllocationPush implements PushHandler {
  readonly kind = 'ALLOCATION';

  constructor(private readonly parts: AllocationPushParts) {}

  async next(push: PushRow, signal: AbortSignal): Promise<NextMove> {
    if (push.allocatedAt !== null) return { kind: 'DONE' };
    const { database } = this.parts;
    const own = (await readMatchesOfPushes(database, push.instanceId, [push.id])).filter(isStanding);
    const [first] = own;
    if (!first) return { kind: 'FAILED', cause: NOTHING_LEFT };
    const invoices = [...new Set(own.map(({ invoiceLayerId }) => invoiceLayerId))];
    const postings = await readPostings(
      database,
      push.instanceId,
      invoices.map((layerId) => ({ kind: 'INVOICE', layerId })),
    );
    const open = invoices.filter((_, index) => (postings[index]?.urn ?? null) === null);
    if (open.length > 0) return waitFor(open, postings);
    const stranger = postings.find((posting) => posting?.companyId !== first.companyId);
    if (stranger) return { kind: 'FAILED', cause: otherCompany(stranger) };
    const others = await this.others(push, first);
    const target = await this.target(push.instanceId, first.companyId);
    const wanted = {
      currency: first.currency,
      payer: { urn: first.urn, postedAt: null },
      payerSign: -1 as const,
      shares: invoices.map((layerId, index) => ({
        urn: postings[index]?.urn ?? '',
        postedAt: postings[index]?.postedAt ?? null,
        amountMinor: sumOf(own.filter(({ invoiceLayerId }) => invoiceLayerId === layerId)),
        othersMinor: sumOf(others.filter(({ invoiceLayerId }) => invoiceLayerId === layerId)),
      })),
    };
    return allocationMove(target, wanted, this.parts.clock.now().getTime(), signal);
  }

  /** Other matches of the receipt that Sage may have something of already: not those whose own push has still to go. */
  private async others(push: PushRow, match: MatchRow): Promise<MatchRow[]> {
    const { database } = this.parts;
    const standing = (await readMatchesOfReceipts(database, push.instanceId, [match])).filter(
      (other) => isStanding(other) && other.pushId !== push.id,
    );
    const pushIds = standing.flatMap(({ pushId }) => pushId ?? []);
    const pushes = await readPushes(database, push.instanceId, pushIds);
    return standing.filter(({ pushId }) => !IN_FLIGHT.includes(pushes.get(pushId ?? '')?.status ?? 'SUCCEEDED'));
  }

  async lookUp(push: PushRow, _stepName: string, facts: StepFacts, signal: AbortSignal): Promise<Sighting[]> {
    return findAllocation(await this.target(push.instanceId, push.companyId ?? 0), facts, signal);
  }

  private async target(instanceId: number, companyId: number): Promise<AllocationTarget> {
    const company = await this.parts.companies.company(instanceId, companyId);
    const ref = { siteId: company.siteId, companyId: company.sageCompanyId };
    return { client: this.parts.sage.client(instanceId), ref, companyId };
  }
}

const isStanding = ({ undoneAt }: MatchRow) => undoneAt === null;
const sumOf = (matches: readonly MatchRow[]) => matches.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);

/** All of the invoices must have landed; one that never will holds it. */
function waitFor(open: readonly string[], postings: readonly (DocumentPosting | null)[]): NextMove {
  const needs = open.map((layerId) => ({ kind: 'INVOICE' as const, layerId }));
  const given = postings.find(
    (posting) => posting?.urn === null && ['FAILED', 'SKIPPED'].includes(posting.pushStatus ?? ''),
  );
  if (!given) return { kind: 'WAITING', needs };
  const what = `invoice ${given.layerId}`;
  return {
    kind: 'HELD',
    needs,
    cause: {
      code: PREREQUISITE_FAILED,
      key: `INVOICE:${given.layerId}`,
      subject: what,
      message: `The allocation needs ${what}, which is not in Sage and will not get there by itself.`,
      remedy: `Put ${what} right and try that again, or skip this allocation: the match stands here all the same.`,
    },
  };
}

const NOTHING_LEFT: PushCause = {
  code: 'MATCH_UNDONE',
  key: '',
  subject: null,
  message: 'All matches that it was to allocate were undone.',
  remedy: 'Skip it: nothing is left to be allocated.',
};

const otherCompany = ({ layerId }: DocumentPosting): PushCause => ({
  code: 'OTHER_COMPANY',
  key: '',
  subject: null,
  message: `The invoice ${layerId} was posted in another Sage company: Sage cannot allocate across companies.`,
  remedy: 'The match stands here. Move the money in Sage, and skip this allocation.',
});
