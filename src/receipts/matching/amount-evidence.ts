import { type CandidateView, type Evidence, listOf } from './candidate-view.js';
import { monthOf } from './open-pool.js';
import { WEIGHTS } from './weights.js';

/** From here on chance is worth a word: one such set in five searches. */
const OFTEN_BY_CHANCE = 0.2;

/** Whether the money is just what the invoices have left, and what speaks against that being chance. */
export function amountEvidence(view: CandidateView): Evidence[] {
  if (!view.isExact) return [otherAmount(view)];
  const words = {
    for:
      view.invoices.length === 1
        ? `The amount is what ${listOf(view.invoices)} has left, to the penny.`
        : `The amount is what these ${view.invoices.length} invoices have left together, to the penny.`,
  };
  if (view.unnamed.length > 0) return exactByAmount(view, words);
  return [{ score: view.passedOver.length === 0 ? WEIGHTS.exactAndTied : WEIGHTS.exactAndNamed, ...words }];
}

function exactByAmount(view: CandidateView, words: { for: string }): Evidence[] {
  const { invoices, named, unnamed, about } = view;
  const chance = about.pool.setsByChance(unnamed);
  const plausible = 1 / (1 + 2 * chance);
  const ofNames = named.length > 0 ? WEIGHTS.named : 0;
  const most = named.length > 0 ? WEIGHTS.exactPartlyNamed + WEIGHTS.named : WEIGHTS.exact;
  const sort = sortEvidence(view);
  const evidence: Evidence[] = [
    { score: Math.max(most * plausible, WEIGHTS.exactByChance) - ofNames, ...words },
    sort ?? { score: WEIGHTS.eachMoreInvoice * (unnamed.length - 1) },
  ];
  const twins = about.pool.twinsOf(unnamed, invoices);
  if (twins.length > 0)
    evidence.push({
      score: 0,
      against: `${listOf(twins)} ${twins.length === 1 ? 'is' : 'are'} for the same amount.`,
    });
  if (chance > OFTEN_BY_CHANCE)
    evidence.push({
      score: 0,
      against: `Among ${about.pool.invoices.length} open invoices such a sum also comes about by chance.`,
    });
  return evidence;
}

/** What sets this set apart from any other of as many invoices; null: nothing. */
function sortEvidence({ invoices, about: { pool } }: CandidateView): Evidence | null {
  if (pool.invoices.length === 1)
    return { score: WEIGHTS.onlyOpenInvoice, for: "It is the customer's only open invoice." };
  const [first] = invoices;
  const sort = pool.sortOf(invoices);
  if (sort === 'ALL') return { score: WEIGHTS.everythingOpen, for: 'It pays everything that is open.' };
  if (!first || invoices.length === 1) return null;
  if (sort === 'OLDEST')
    return { score: WEIGHTS.specialSet, for: `These are the ${invoices.length} oldest open invoices.` };
  if (sort !== 'OF_A_MONTH') return null;
  return { score: WEIGHTS.specialSet, for: `These are all open invoices of ${monthOf(first)}.` };
}

/** Part and over-payment. */
function otherAmount(view: CandidateView): Evidence {
  const { candidate, named, unnamed, about } = view;
  const paid = candidate.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const open = candidate.reduce((sum, { invoice }) => sum + invoice.openMinor, 0n);
  const rest = about.receipt.leftMinor - paid;
  const isNamed = named.length > 0 && unnamed.length === 0;
  if (rest > 0n) {
    const against = `${view.inWords(rest)} of the receipt would be left.`;
    return { score: isNamed ? WEIGHTS.namedAndMore : WEIGHTS.oldestInPart, against };
  }
  const against = `It pays ${view.inWords(paid)} of ${view.inWords(open)}.`;
  if (isNamed) return { score: WEIGHTS.namedInPart, against };
  if (about.pool.invoices.length === 1) return { score: WEIGHTS.onlyOpenInPart, against };
  return { score: candidate.length === 1 ? WEIGHTS.closestInPart : WEIGHTS.oldestInPart, against };
}
