import type { OpenInvoice, Suggestion } from '../../src/receipts/matching/matching-facts.js';
import { RECEIPT_KINDS } from './generate-ledger.js';
import { DETERMINED_BY, type LedgerReceipt, type TrueAllocation } from './generated-ledger.js';
import type { Verdict } from './judge.js';
import type { Tallies, Tally } from './tally.js';

const NAME_WIDTH = 34;
const COLUMNS = ['receipts', 'determined', 'first right', 'auto right', 'auto WRONG'];
const SHOWN_INVOICES = 40;

export function printTallies(tallies: Tallies): void {
  console.log(`${''.padEnd(NAME_WIDTH)}${COLUMNS.map((column) => column.padStart(12)).join('')}`);
  for (const { name } of RECEIPT_KINDS) printLine(name, tallies.byKind.get(name));
  console.log();
  for (const name of DETERMINED_BY) printLine(name, tallies.byTruth.get(name));
  printLine('all', tallies.total());
}

function printLine(name: string, tally: Tally | undefined): void {
  const figures = tally
    ? [tally.count, tally.determined, tally.firstRight, tally.automaticRight, tally.automaticWrong]
    : COLUMNS.map(() => 0);
  console.log(`${name.padEnd(NAME_WIDTH)}${figures.map((figure) => String(figure).padStart(12)).join('')}`);
}

/** What a receipt said, what could be paid with it, what is true, and what was answered. */
export function printWrong(
  { kind, receipt, facts, truth }: LedgerReceipt,
  { answer, isAutomaticRight }: Verdict,
): void {
  const all = [...facts.invoices, ...facts.elsewhere];
  const numbers = new Map(all.map(({ layerId, number }) => [layerId, number]));
  const said = `"${receipt.reference}" "${receipt.secondReference}"`;
  console.log(`\n${isAutomaticRight === false ? 'APPLIED WRONGLY' : 'not first'}: ${kind}, ${truth.determinedBy}`);
  console.log(
    `  receipt   ${said} ${receipt.leftMinor} ${receipt.currency} ${receipt.receivedOn}${receipt.isWhole ? '' : ', the rest of it'}`,
  );
  console.log(`  truth     ${allocationText(numbers, truth.allocations) || 'nobody can know'}`);
  for (const suggestion of answer.suggestions.slice(0, 3)) printSuggestion(numbers, suggestion);
  if (answer.suggestions.length === 0) console.log('  answer    nothing');
  if (!answer.isSearchComplete) console.log('  the search gave up');
  console.log(`  open      ${invoicesText(facts.invoices, truth.allocations)}`);
  if (facts.elsewhere.length > 0) console.log(`  elsewhere ${invoicesText(facts.elsewhere, truth.allocations)}`);
  if (facts.settled.length > 0) console.log(`  settled   ${facts.settled.map(({ number }) => number).join(' ')}`);
  if (facts.doubles.length > 0)
    console.log(
      `  doubles   ${facts.doubles.map((one) => `"${one.reference}" ${one.paidOn} ${one.amountMinor} for ${one.invoiceNumbers.join(' ') || 'none'}`).join('; ')}`,
    );
  if (facts.refused.length > 0)
    console.log(`  undone    ${facts.refused.map(({ invoiceLayerId }) => numbers.get(invoiceLayerId)).join(' ')}`);
}

function printSuggestion(numbers: ReadonlyMap<string, string>, suggestion: Suggestion): void {
  const flags = [
    suggestion.confidence,
    suggestion.score.toFixed(2),
    ...(suggestion.ambiguous ? ['ambiguous'] : []),
    ...(suggestion.isTied ? ['tied'] : []),
    ...(suggestion.isExact ? ['exact'] : []),
    ...(suggestion.isElsewhere ? ['elsewhere'] : []),
  ];
  console.log(`  answer    ${allocationText(numbers, suggestion.allocations)} (${flags.join(', ')})`);
  console.log(`            for: ${suggestion.reasonsFor.join(' ')} against: ${suggestion.reasonsAgainst.join(' ')}`);
}

function allocationText(numbers: ReadonlyMap<string, string>, allocations: readonly TrueAllocation[]): string {
  return shorten(
    allocations.map(
      ({ invoiceLayerId, amountMinor }) => `${numbers.get(invoiceLayerId) ?? invoiceLayerId}=${amountMinor}`,
    ),
  );
}

/** Those of the truth first. */
function invoicesText(invoices: readonly OpenInvoice[], truth: readonly TrueAllocation[]): string {
  const isTrue = ({ layerId }: OpenInvoice) => truth.some(({ invoiceLayerId }) => invoiceLayerId === layerId);
  const sorted = [...invoices.filter(isTrue), ...invoices.filter((invoice) => !isTrue(invoice))];
  return shorten(sorted.map(({ number, openMinor, dueOn }) => `${number}=${openMinor} due ${dueOn}`));
}

/** A customer with hundreds is not listed to the end. */
function shorten(texts: readonly string[]): string {
  const shown = texts.slice(0, SHOWN_INVOICES).join(', ');
  return texts.length > SHOWN_INVOICES ? `${shown}, and ${texts.length - SHOWN_INVOICES} more` : shown;
}
