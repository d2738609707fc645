// npm run bench:matching: suggests matches for generated receipts whose truth is known. Exits with 1 where a figure is below what
// is promised. `--show-wrong N` prints the first N receipts that were answered wrongly; `--kind NAME` looks only at one kind of them.
// MATCHING_RECEIPTS and MATCHING_SEED give how many, and which.
import { parseArgs } from 'node:util';
import { isAutomatic } from '../src/receipts/matching/is-automatic.js';
import { suggestMatches } from '../src/receipts/matching/suggest-matches.js';
import type { Dice } from './matching/dice.js';
import { generateLedger, type LedgerOptions, usualOpen } from './matching/generate-ledger.js';
import type { LedgerReceipt } from './matching/generated-ledger.js';
import { judge } from './matching/judge.js';
import { printTallies, printWrong } from './matching/print-verdicts.js';
import { Tallies } from './matching/tally.js';

const RECEIPTS = Number(process.env.MATCHING_RECEIPTS ?? 20_000);
const SEED = Number(process.env.MATCHING_SEED ?? 1);
const TIMED_RECEIPTS = 2_500;
const WARM_UP = 200;
const MOST_OPEN = 500;
const LEAST_RECALL = 0.95;
const LEAST_FIRST_RIGHT = 0.98;
const MOST_P99_MS = 50;

const LEDGER: LedgerOptions = {
  seed: SEED,
  openOf: usualOpen,
  receiptsOf: (dice: Dice, open: number) => dice.between(1, Math.min(30, 2 + (open >> 2))),
  referenceLengths: [20, 20, 30],
};

const { values } = parseArgs({ options: { 'show-wrong': { type: 'string' }, kind: { type: 'string' } } });
const tallies = new Tallies();
let toShow = Number(values['show-wrong'] ?? 0);
for (const receipt of receiptsOf(LEDGER, RECEIPTS)) {
  const verdict = judge({ suggestMatches, isAutomatic }, receipt);
  tallies.add(receipt.kind, receipt.truth.determinedBy, verdict);
  const isWrong = verdict.isAutomaticRight === false || verdict.isFirstRight === false;
  if (!isWrong || toShow === 0 || (values.kind !== undefined && values.kind !== receipt.kind)) continue;
  printWrong(receipt, verdict);
  toShow -= 1;
}
printTallies(tallies);
const times = timesWithManyOpen();
const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;

const checks = [
  check('precision of what is applied by itself', tallies.precision(), 1),
  check('recall of what references determine', tallies.recall(), LEAST_RECALL),
  check('first suggestion right where it can be known', tallies.firstRight(), LEAST_FIRST_RIGHT),
];
console.log(
  `${at(0.99) < MOST_P99_MS ? 'good  ' : 'FAULTY'} one receipt with ${MOST_OPEN} open invoices: p50 ${at(0.5).toFixed(2)} ms, p99 ${at(0.99).toFixed(2)} ms (below ${MOST_P99_MS}), max ${at(1).toFixed(2)} ms, of ${times.length}`,
);
process.exitCode = checks.every((isGood) => isGood) && at(0.99) < MOST_P99_MS ? 0 : 1;

function check(name: string, figure: number, least: number): boolean {
  console.log(`${figure >= least ? 'good  ' : 'FAULTY'} ${name}: ${figure.toFixed(5)} (at least ${least})`);
  return figure >= least;
}

function* receiptsOf(options: LedgerOptions, count: number): Generator<LedgerReceipt> {
  let made = 0;
  for (const { receipts } of generateLedger(options)) {
    for (const receipt of receipts) {
      yield receipt;
      made += 1;
      if (made >= count) return;
    }
  }
}

/** Milliseconds for one receipt of a customer with as many open invoices as are hoped for, shortest first. */
function timesWithManyOpen(): number[] {
  const options = { ...LEDGER, seed: SEED + 1, openOf: () => MOST_OPEN, receiptsOf: () => 40 };
  const times: number[] = [];
  for (const { receipt, facts } of receiptsOf(options, Infinity)) {
    // a customer's other currencies have fewer
    if (facts.invoices.length < MOST_OPEN) continue;
    if (times.length === TIMED_RECEIPTS + WARM_UP) break;
    const startedAt = performance.now();
    suggestMatches(receipt, facts);
    times.push(performance.now() - startedAt);
  }
  return times.slice(WARM_UP).toSorted((one, other) => one - other);
}
