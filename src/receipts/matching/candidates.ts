import { groupBy } from '../../common/group-by.js';
import { findExactSets } from './exact-sets.js';
import type { OpenInvoice, ReceiptToMatch } from './matching-facts.js';
import { monthOf, MOST_WITH_TWINS, totalOf } from './open-pool.js';
import type { Names } from './read-names.js';

/** Part of an invoice that a receipt may pay. */
export interface CandidateShare {
  invoice: OpenInvoice;
  amountMinor: bigint;
}

/** What a receipt may pay; the shares in the order in which the invoices fell due. */
export type Candidate = readonly CandidateShare[];

export interface Candidates {
  candidates: Candidate[];
  isSearchComplete: boolean;
}

/** All that is worth looking at; `invoices` are those that fell due first, first. */
export function findCandidates(receipt: ReceiptToMatch, invoices: readonly OpenInvoice[], names: Names): Candidates {
  const found = new CandidateList();
  const left = receipt.leftMinor;
  const strengthOf = ({ layerId }: OpenInvoice) => names.invoices.get(layerId)?.strength;
  const named = invoices.filter((invoice) => ['WHOLE', 'DIGITS'].includes(strengthOf(invoice) ?? ''));
  const others = invoices.filter((invoice) => !named.includes(invoice));
  const isComplete = [true];
  const addSets = (pool: readonly OpenInvoice[], base: readonly OpenInvoice[] = []) => {
    const rest = left - totalOf(base);
    const { sets, isComplete: isWhole } = findExactSets(
      pool.map(({ openMinor }) => Number(openMinor)),
      Number(rest),
    );
    isComplete.push(isWhole);
    for (const set of sets) {
      const chosen = set.flatMap((at) => pool[at] ?? []);
      found.addWhole([...base, ...chosen]);
      const twin = withTwin(pool, chosen);
      if (twin) found.addWhole([...base, ...twin]);
    }
  };

  if (named.length > 0) {
    found.add(fill(named, left));
    if (totalOf(named) === left) return { candidates: found.list, isSearchComplete: true };
    if (named.length > 1) addSets(named);
    if (totalOf(named) < left) addSets(others, named);
  }
  addSets(invoices);
  for (const run of exactRuns(invoices, left)) found.addWhole(run);
  const near = invoices.filter((invoice) => strengthOf(invoice) === 'NEAR');
  if (near.length > 0) found.add(fill(near, left));
  if (named.length === 0 && !found.hasExact(left)) {
    const closest = closestAbove(invoices, left);
    if (closest) found.add(fill([closest], left));
    found.add(fill(invoices, left));
  }
  return { candidates: found.list, isSearchComplete: isComplete.every(Boolean) };
}

class CandidateList {
  private readonly byKey = new Map<string, Candidate>();

  get list(): Candidate[] {
    return [...this.byKey.values()];
  }

  add(candidate: Candidate): void {
    if (candidate.length === 0) return;
    const shares = candidate.map(({ invoice, amountMinor }) => `${invoice.layerId}=${amountMinor}`);
    this.byKey.set(shares.toSorted().join(' '), candidate);
  }

  addWhole(invoices: readonly OpenInvoice[]): void {
    this.add(invoices.map((invoice) => ({ invoice, amountMinor: invoice.openMinor })));
  }

  hasExact(left: bigint): boolean {
    return this.list.some((candidate) => isExact(candidate, left));
  }
}

/** Each invoice is paid whole, and nothing is left of the receipt. */
export const isExact = (candidate: Candidate, left: bigint) =>
  candidate.every(({ invoice, amountMinor }) => invoice.openMinor === amountMinor) &&
  candidate.reduce((sum, { amountMinor }) => sum + amountMinor, 0n) === left;

/** The oldest first, until the money or the invoices end. */
function fill(invoices: readonly OpenInvoice[], left: bigint): Candidate {
  let rest = left;
  return invoices.flatMap((invoice) => {
    const amountMinor = invoice.openMinor < rest ? invoice.openMinor : rest;
    rest -= amountMinor;
    return amountMinor === 0n ? [] : [{ invoice, amountMinor }];
  });
}

/** The same set with one invoice exchanged for another of the same amount, as both are to be shown; null without one. */
function withTwin(pool: readonly OpenInvoice[], chosen: readonly OpenInvoice[]): OpenInvoice[] | null {
  if (chosen.length > MOST_WITH_TWINS) return null;
  for (const invoice of chosen.toReversed()) {
    const twin = pool.find((other) => other.openMinor === invoice.openMinor && !chosen.includes(other));
    if (twin) return chosen.map((one) => (one === invoice ? twin : one));
  }
  return null;
}

/** Of equal amounts every run of so many adds up. */
const MOST_RUNS = 4;

/** Several invoices that fell due one after the other, or those of one month, and that add up to the sum. */
function exactRuns(invoices: readonly OpenInvoice[], sum: bigint): OpenInvoice[][] {
  const found: OpenInvoice[][] = [];
  const endOf = new Map<bigint, number>([[0n, 0]]);
  let total = 0n;
  for (const [at, { openMinor }] of invoices.entries()) {
    total += openMinor;
    const from = endOf.get(total - sum);
    if (from !== undefined && at > from && found.length < MOST_RUNS) found.push(invoices.slice(from, at + 1));
    endOf.set(total, at + 1);
  }
  for (const ofMonth of groupBy(invoices, monthOf).values()) if (totalOf(ofMonth) === sum) found.push(ofMonth);
  return found;
}

function closestAbove(invoices: readonly OpenInvoice[], left: bigint): OpenInvoice | null {
  const above = invoices.filter(({ openMinor }) => openMinor > left);
  return above.reduce<OpenInvoice | null>((best, one) => (!best || one.openMinor < best.openMinor ? one : best), null);
}
