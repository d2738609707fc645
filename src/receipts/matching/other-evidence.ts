import { type CandidateView, type Evidence, listOf } from './candidate-view.js';
import { WEIGHTS } from './weights.js';

const DAY_MS = 86_400_000;
/** An invoice is often sent some days before the day that it bears. */
const EARLY_DAYS = 7;
/** Money that comes further from the due date says nothing of it. */
const NEAR_DAYS = 30;
/** So near that it is worth a word. */
const VERY_NEAR_DAYS = 10;

/** What dates, payer, accounts and earlier decisions say of a candidate. */
export const otherEvidence = (view: CandidateView): Evidence[] => [
  dates(view),
  ...payer(view),
  ...account(view),
  ...doubles(view),
  ...undone(view),
];

function dates({ invoices, about: { receipt } }: CandidateView): Evidence {
  const daysAfter = (date: string) => Math.round((Date.parse(receipt.receivedOn) - Date.parse(date)) / DAY_MS);
  const early = invoices.filter(({ issuedOn }) => daysAfter(issuedOn) < -EARLY_DAYS);
  if (early.length > 0)
    return { score: WEIGHTS.beforeIssue, against: `The money came before ${listOf(early)} was issued.` };
  const away = invoices.map(({ dueOn }) => Math.abs(daysAfter(dueOn)));
  const nearness = away.reduce((sum, days) => sum + Math.max(0, 1 - days / NEAR_DAYS), 0) / invoices.length;
  const score = WEIGHTS.nearDueDate * nearness;
  const [first] = invoices;
  const isSaid = first && invoices.length === 1 && (away[0] ?? 0) <= VERY_NEAR_DAYS;
  return isSaid ? { score, for: `${first.number} was due on ${first.dueOn}.` } : { score };
}

const payer = ({ about }: CandidateView): Evidence[] =>
  about.facts.paidBefore
    ? [{ score: WEIGHTS.paidBefore, for: 'A receipt with the same words in its reference was matched before.' }]
    : [];

const account = ({ about }: CandidateView): Evidence[] =>
  about.isElsewhere
    ? [
        {
          score: WEIGHTS.elsewhere,
          against: 'It stands in another Sage account, and Sage cannot allocate across accounts.',
        },
      ]
    : [];

/** A payment of The Layer for other invoices than those that the references name is other money. */
function doubles(view: CandidateView): Evidence[] {
  const numbers = new Set(view.invoices.map(({ number }) => number));
  return view.about.facts.doubles.map(({ reference, paidOn, amountMinor, invoiceNumbers }) => {
    const isOther = view.isTied && invoiceNumbers.length > 0 && !invoiceNumbers.some((number) => numbers.has(number));
    const what = invoiceNumbers.length > 0 ? ` for ${invoiceNumbers.join(', ')}` : '';
    const name = reference === '' ? '' : ` (${reference})`;
    return {
      score: isOther ? WEIGHTS.otherMoney : WEIGHTS.perhapsTwice,
      against: `A payment${name} of ${view.inWords(amountMinor)}${what}, dated ${paidOn}, was entered in The Layer: it may be the same money.`,
    };
  });
}

const undone = ({ invoices, about }: CandidateView): Evidence[] =>
  about.facts.refused
    .filter(({ invoiceLayerId }) => invoices.some(({ layerId }) => layerId === invoiceLayerId))
    .map(({ on, reason }) => ({
      score: WEIGHTS.undoneBefore,
      against: `This was matched before, and undone on ${on}: ${reason}`,
    }));
