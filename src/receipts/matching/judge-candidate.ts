import { amountEvidence } from './amount-evidence.js';
import { CandidateView, type Evidence, type MatchCase } from './candidate-view.js';
import type { Candidate } from './candidates.js';
import type { Confidence, Suggestion } from './matching-facts.js';
import { nameEvidence } from './name-evidence.js';
import { otherEvidence } from './other-evidence.js';

const HIGH = 0.85;
const MEDIUM = 0.55;

/** Weighs the evidence of reconciliation.md, rule 1, for one candidate. Whether it is ambiguous is seen when all are weighed. */
export function judgeCandidate(candidate: Candidate, about: MatchCase): Suggestion {
  const view = new CandidateView(candidate, about);
  const evidence = [...nameEvidence(view), ...amountEvidence(view), ...otherEvidence(view)].toSorted(strongestFirst);
  const sum = evidence.reduce((total, { score }) => total + score, 0);
  const score = Math.round(Math.min(1, Math.max(0, sum)) * 1_000) / 1_000;
  return {
    allocations: candidate.map(({ invoice, amountMinor }) => ({ invoiceLayerId: invoice.layerId, amountMinor })),
    score,
    confidence: confidenceOf(score),
    reasonsFor: evidence.flatMap((one) => one.for ?? []),
    reasonsAgainst: evidence.flatMap((one) => one.against ?? []),
    ambiguous: false,
    isTied: view.isTied,
    isExact: view.isExact,
    isElsewhere: about.isElsewhere,
  };
}

const strongestFirst = (one: Evidence, other: Evidence) => Math.abs(other.score) - Math.abs(one.score);

function confidenceOf(score: number): Confidence {
  if (score >= HIGH) return 'HIGH';
  return score >= MEDIUM ? 'MEDIUM' : 'LOW';
}
