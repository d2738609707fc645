import { type CandidateView, type Evidence, listOf } from './candidate-view.js';
import type { OpenInvoice } from './matching-facts.js';
import { WEIGHTS } from './weights.js';

/** What the references say of a candidate. */
export function nameEvidence(view: CandidateView): Evidence[] {
  const own = view.named.length > 0 ? namedEvidence(view) : unnamedEvidence(view);
  return [...own, ...strayEvidence(view)];
}

function namedEvidence(view: CandidateView): Evidence[] {
  const { named, unnamed, passedOver } = view;
  const isByDigits = named.some((invoice) => view.strengthOf(invoice) === 'DIGITS');
  return [
    ...named.map((invoice, index) => ({ score: index === 0 ? WEIGHTS.named : 0, for: nameInWords(view, invoice) })),
    ...(isByDigits ? [{ score: WEIGHTS.byDigits }] : []),
    ...passedOver.map((text, index) => ({
      score: index === 0 ? WEIGHTS.otherNamedToo : WEIGHTS.moreNamedToo,
      against: notAmongThese(text),
    })),
    ...(unnamed.length > 0
      ? [
          {
            score: WEIGHTS.someNotNamed,
            against: `${listOf(unnamed)} ${unnamed.length === 1 ? 'is' : 'are'} not named in the reference.`,
          },
        ]
      : []),
  ];
}

function unnamedEvidence(view: CandidateView): Evidence[] {
  const { invoices, passedOver } = view;
  const near = invoices.filter((invoice) => view.strengthOf(invoice) === 'NEAR');
  const score = invoices.length === 1 ? WEIGHTS.otherNamedThanThis : WEIGHTS.otherNamedThanThese;
  return [
    ...near.map((invoice, index) => ({ score: index === 0 ? WEIGHTS.near : 0, for: nameInWords(view, invoice) })),
    ...(near.length === 0 ? [{ score: 0, against: 'No reference names it.' }] : []),
    ...passedOver.map((text) => ({ score, against: notAmongThese(text) })),
  ];
}

function strayEvidence({ named, about: { names } }: CandidateView): Evidence[] {
  const score = named.length > 0 ? WEIGHTS.strayWithNames : WEIGHTS.strayWithoutNames;
  return names.strays.map((against, index) => ({ score: index === 0 ? score : 0, against }));
}

const notAmongThese = (text: string) => `${text} stands in the reference, and is not among these.`;

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
