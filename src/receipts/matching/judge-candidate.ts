import { Money } from '../../common/money.js';
import { type Candidate, isExact } from './candidates.js';
import type { Confidence, MatchingFacts, OpenInvoice, ReceiptToMatch, Suggestion } from './matching-facts.js';
import { monthOf, type OpenPool } from './open-pool.js';
import type { NameStrength, Names } from './read-names.js';

/** What a candidate is judged by. */
export interface Case {
  receipt: ReceiptToMatch;
  facts: MatchingFacts;
  names: Names;
  /** What it was chosen from. */
  pool: OpenPool;
  isElsewhere: boolean;
}

const HIGH = 0.85;
const MEDIUM = 0.55;
const DAY_MS = 86_400_000;
/** An invoice is often sent some days before the day that it bears. */
const EARLY_DAYS = 7;

/** Evidence for or against a candidate: what it adds to the score, and why. */
interface Evidence {
  score: number;
  reason: string | null;
}

/** Weighs the evidence of reconciliation.md, rule 1, for one candidate. Whether it is ambiguous is seen when all are weighed. */
export function judgeCandidate(candidate: Candidate, one: Case): Suggestion {
  const view = new CandidateView(candidate, one);
  const evidence = [
    ...amountAndNames(view),
    ...dates(view),
    ...payer(view),
    ...strangers(view),
    ...doubles(view),
    ...refusals(view),
  ];
  const score = Math.min(
    1,
    Math.max(
      0,
      evidence.reduce((sum, part) => sum + part.score, 0),
    ),
  );
  const said = evidence.filter(({ reason }) => reason !== null);
  const inWords = (parts: readonly Evidence[]) =>
    parts.toSorted((first, second) => Math.abs(second.score) - Math.abs(first.score)).map(({ reason }) => reason ?? '');
  return {
    allocations: candidate.map(({ invoice, amountMinor }) => ({ invoiceLayerId: invoice.layerId, amountMinor })),
    score: Math.round(score * 1_000) / 1_000,
    confidence: confidenceOf(score),
    reasonsFor: inWords(said.filter((part) => part.score >= 0)),
    reasonsAgainst: inWords(said.filter((part) => part.score < 0)),
    ambiguous: false,
    isTied: view.isTied,
    isExact: view.isExact,
    isElsewhere: one.isElsewhere,
  };
}

function confidenceOf(score: number): Confidence {
  if (score >= HIGH) return 'HIGH';
  return score >= MEDIUM ? 'MEDIUM' : 'LOW';
}

class CandidateView {
  readonly invoices: readonly OpenInvoice[];
  readonly isExact: boolean;
  readonly named: readonly OpenInvoice[];
  readonly unnamed: readonly OpenInvoice[];
  /** Named in the references, and not among these. */
  readonly passedOver: readonly string[];

  constructor(
    readonly candidate: Candidate,
    readonly about: Case,
  ) {
    this.invoices = candidate.map(({ invoice }) => invoice);
    this.isExact = isExact(candidate, about.receipt.leftMinor);
    this.named = this.invoices.filter((invoice) => this.isNamed(invoice));
    this.unnamed = this.invoices.filter((invoice) => !this.isNamed(invoice));
    const own = new Set(this.invoices.map(({ layerId }) => layerId));
    this.passedOver = [...about.names.invoices].flatMap(([layerId, { strength, text }]) =>
      strength === 'NEAR' || own.has(layerId) ? [] : [text],
    );
  }

  get isTied(): boolean {
    return this.unnamed.length === 0 && this.passedOver.length === 0 && this.about.names.strays.length === 0;
  }

  strengthOf({ layerId }: OpenInvoice): NameStrength | null {
    return this.about.names.invoices.get(layerId)?.strength ?? null;
  }

  inWords(minor: bigint): string {
    return Money.ofMinor(minor, this.about.receipt.currency).inWords;
  }

  private isNamed(invoice: OpenInvoice): boolean {
    return ['WHOLE', 'DIGITS'].includes(this.strengthOf(invoice) ?? '');
  }
}

/** The base of the score: how the invoices are named, and whether the amount is theirs. */
function amountAndNames(view: CandidateView): Evidence[] {
  const { invoices, named, unnamed, passedOver } = view;
  const amount = view.isExact ? exactAmount(view) : otherAmount(view);
  if (named.length === 0) {
    const near = invoices.filter((invoice) => view.strengthOf(invoice) === 'NEAR');
    return [
      ...amount,
      ...near.map((invoice, index) => ({ score: index === 0 ? 0.08 : 0, reason: nameInWords(view, invoice) })),
      ...(near.length === 0 ? [{ score: -0.001, reason: 'No reference names it.' }] : []),
      ...passedOver.map((text) => ({
        score: invoices.length === 1 ? -0.05 : -0.12,
        reason: `${text} stands in the reference, and is not among these.`,
      })),
    ];
  }
  const isByDigits = named.some((invoice) => view.strengthOf(invoice) === 'DIGITS');
  const tie = view.isExact && unnamed.length + passedOver.length === 0 ? 0.13 : 0;
  return [
    ...named.map((invoice, index) => ({ score: index === 0 ? 0.4 + tie : 0, reason: nameInWords(view, invoice) })),
    ...(isByDigits ? [{ score: -0.03, reason: null }] : []),
    ...amount,
    ...passedOver.map((text, index) => ({
      score: index === 0 ? -0.06 : -0.02,
      reason: `${text} stands in the reference, and is not among these.`,
    })),
    ...(unnamed.length > 0 ? [{ score: -0.02, reason: `${listOf(unnamed)} is not named in the reference.` }] : []),
  ];
}

/** Of what is named 0.4 stands already. */
function exactAmount(view: CandidateView): Evidence[] {
  const { invoices, named, unnamed, about } = view;
  const evidence: Evidence[] = [];
  const reason =
    invoices.length === 1
      ? `The amount is what ${listOf(invoices)} has left, to the penny.`
      : `The amount is what these ${invoices.length} invoices have left together, to the penny.`;
  if (unnamed.length === 0) return [{ score: 0.42, reason }];
  const chance = about.pool.setsByChance(unnamed);
  const plausible = 1 / (1 + 2 * chance);
  const whole = named.length > 0 ? 0.86 : 0.82;
  evidence.push({ score: Math.max(whole * plausible, 0.42) - (named.length > 0 ? 0.4 : 0), reason });
  const special = sortOfSet(view);
  evidence.push(...special);
  if (special.length === 0) evidence.push({ score: -0.02 * (unnamed.length - 1), reason: null });
  if (chance > 0.2)
    evidence.push({
      score: -0.001,
      reason: `Among ${about.pool.invoices.length} open invoices such a sum also comes about by chance.`,
    });
  const twins = about.pool.twinsOf(unnamed, invoices);
  if (twins.length > 0)
    evidence.push({
      score: -0.001,
      reason: `${listOf(twins)} ${twins.length === 1 ? 'is' : 'are'} for the same amount.`,
    });
  return evidence;
}

function sortOfSet({ invoices, about: { pool } }: CandidateView): Evidence[] {
  if (pool.invoices.length === 1) return [{ score: 0.06, reason: "It is the customer's only open invoice." }];
  const [first] = invoices;
  const sort = pool.sortOf(invoices);
  if (sort === 'ALL') return [{ score: 0.03, reason: 'It pays everything that is open.' }];
  if (!first || invoices.length === 1) return [];
  if (sort === 'OLDEST') return [{ score: 0.01, reason: `These are the ${invoices.length} oldest open invoices.` }];
  return sort === 'OF_A_MONTH' ? [{ score: 0.01, reason: `These are all open invoices of ${monthOf(first)}.` }] : [];
}

function otherAmount(view: CandidateView): Evidence[] {
  const { candidate, named, about } = view;
  const paid = candidate.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const open = candidate.reduce((sum, { invoice }) => sum + invoice.openMinor, 0n);
  const rest = about.receipt.leftMinor - paid;
  const isNamed = named.length > 0 && view.unnamed.length === 0;
  if (rest > 0n) {
    const reason = `${view.inWords(rest)} of the receipt would be left.`;
    return [
      { score: isNamed ? 0.26 : 0.3, reason: null },
      { score: -0.001, reason },
    ];
  }
  const reason = `It pays ${view.inWords(paid)} of ${view.inWords(open)}.`;
  const score = isNamed ? 0.32 : about.pool.invoices.length === 1 ? 0.45 : candidate.length === 1 ? 0.29 : 0.3;
  return [
    { score, reason: null },
    { score: -0.001, reason },
  ];
}

function nameInWords(view: CandidateView, invoice: OpenInvoice): string {
  const { strength, text } = view.about.names.invoices.get(invoice.layerId) ?? { strength: 'WHOLE', text: '' };
  switch (strength) {
    case 'WHOLE':
      return `${invoice.number} stands in the receipt's reference.`;
    case 'DIGITS':
      return `${text} in the receipt's reference is the number of ${invoice.number}.`;
    case 'NEAR':
      return `${text} in the receipt's reference differs from ${invoice.number} by one slip of the finger.`;
    default:
      return strength satisfies never;
  }
}

function dates({ invoices, about: { receipt } }: CandidateView): Evidence[] {
  const daysAfter = (date: string) => Math.round((Date.parse(receipt.receivedOn) - Date.parse(date)) / DAY_MS);
  const early = invoices.filter(({ issuedOn }) => daysAfter(issuedOn) < -EARLY_DAYS);
  if (early.length > 0) return [{ score: -0.12, reason: `The money came before ${listOf(early)} was issued.` }];
  const away = invoices.map(({ dueOn }) => Math.abs(daysAfter(dueOn)));
  const nearness = away.reduce((sum, days) => sum + Math.max(0, 1 - days / 30), 0) / invoices.length;
  const [first] = invoices;
  const isSaid = invoices.length === 1 && (away[0] ?? 0) <= 10;
  return [{ score: 0.02 * nearness, reason: isSaid ? `${first?.number} was due on ${first?.dueOn}.` : null }];
}

const payer = ({ about }: CandidateView): Evidence[] =>
  about.facts.paidBefore
    ? [
        {
          score: 0.01,
          reason: 'An earlier receipt with the same words in its reference was matched for this customer.',
        },
      ]
    : [];

function strangers({ named, about: { names, isElsewhere } }: CandidateView): Evidence[] {
  const score = named.length > 0 ? -0.15 : -0.02;
  return [
    ...names.strays.map((reason, index) => ({ score: index === 0 ? score : 0, reason })),
    ...(isElsewhere
      ? [{ score: -0.1, reason: 'It stands in another Sage account, and Sage cannot allocate across accounts.' }]
      : []),
  ].map((evidence) => ({ ...evidence, score: Math.min(evidence.score, -0.001) }));
}

/** A payment of The Layer for other invoices than those that the reference names is other money. */
function doubles(view: CandidateView): Evidence[] {
  const numbers = new Set(view.invoices.map(({ number }) => number));
  return view.about.facts.doubles.map(({ reference, paidOn, amountMinor, invoiceNumbers }) => {
    const isOther = view.isTied && invoiceNumbers.length > 0 && !invoiceNumbers.some((number) => numbers.has(number));
    const what = invoiceNumbers.length > 0 ? ` for ${invoiceNumbers.join(', ')}` : '';
    const name = reference === '' ? '' : ` (${reference})`;
    return {
      score: isOther ? -0.02 : -0.35,
      reason: `A payment${name} of ${view.inWords(amountMinor)}${what}, dated ${paidOn}, was entered in The Layer: it may be the same money.`,
    };
  });
}

const refusals = ({ invoices, about }: CandidateView): Evidence[] =>
  about.facts.refused
    .filter(({ invoiceLayerId }) => invoices.some(({ layerId }) => layerId === invoiceLayerId))
    .map(({ on, reason }) => ({ score: -0.3, reason: `This was matched before, and undone on ${on}: ${reason}` }));

function listOf(invoices: readonly OpenInvoice[]): string {
  const numbers = invoices.slice(0, 3).map(({ number }) => number);
  return invoices.length > 3 ? `${numbers.join(', ')} and ${invoices.length - 3} more` : numbers.join(' and ');
}
