import type { OpenInvoice } from '../../src/receipts/matching/matching-facts.js';
import type { Dice } from './dice.js';
import type { LedgerCustomer, SettledInvoice } from './generated-ledger.js';
import { NUMBER_STYLES, type NumberStyle } from './invoice-numbers.js';

export const TODAY = '2026-11-20';
const DAY_MS = 86_400_000;

const NAMES =
  'ACME BRAMLEY CORBETT DUNMORE ELLIS FENWICK GARRICK HOLT IBSTOCK JARVIS KESTREL LOMAX MERTON NORRIS'.split(' ');
const TRADES = 'LTD|TELECOM LTD|DENTAL|& SONS|GROUP PLC|ESTATES|CARE HOMES|LOGISTICS|SCHOOL|CAFE'.split('|');
const SETTLED_HOW = ['is paid already', 'was cancelled by a credit note', 'is allocated in Sage already'];

export function dayAfter(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/** One customer in each of its currencies, with `open` open invoices in the first. */
export function makeCustomer(dice: Dice, index: number, open: number, referenceLength: number): LedgerCustomer[] {
  const layerId = `C${String(index).padStart(6, '0')}`;
  const name = `${dice.pick(NAMES)} ${dice.pick(TRADES)}`;
  const style = dice.pick(NUMBER_STYLES);
  const currencies = currenciesOf(dice);
  const perCurrency = currencies.map((_, at) => (at === 0 ? open : dice.between(1, Math.max(1, open >> 2))));
  let sequence = dice.isChance(0.05) ? style.firstFrom : dice.between(style.firstFrom, style.firstTo);
  return currencies.map((currency, at) => {
    const made = makeInvoices(dice, perCurrency[at] ?? 1, style, sequence, `${layerId}-${currency}`);
    sequence = made.nextSequence;
    return { layerId: `${layerId}-${currency}`, name, currency, referenceLength, ...made.invoices };
  });
}

function currenciesOf(dice: Dice): string[] {
  if (dice.isChance(0.88)) return ['GBP'];
  return dice.pick([['EUR'], ['USD'], ['GBP', 'EUR'], ['GBP', 'USD'], ['GBP', 'EUR', 'USD']]);
}

type Invoices = Pick<LedgerCustomer, 'invoices' | 'settled' | 'queried' | 'elsewhere'>;

function makeInvoices(
  dice: Dice,
  open: number,
  style: NumberStyle,
  firstSequence: number,
  prefix: string,
): { invoices: Invoices; nextSequence: number } {
  const queriedCount = dice.isChance(0.3) ? dice.between(1, 2) : 0;
  const elsewhereCount = dice.isChance(0.12) ? dice.between(1, 4) : 0;
  const settledCount = dice.between(0, Math.min(20, open + 3));
  const count = open + queriedCount + elsewhereCount + settledCount;
  const amountOf = amountsOf(dice);
  const perMonth = dice.isChance(0.7) ? Math.max(1, Math.ceil(count / 30)) : Math.max(1, Math.ceil(count / 8));
  const termsDays = dice.pick([0, 14, 30, 30, 30, 60]);
  const apart = style.apart ?? dice.pick([1, 3, 12, 40]);
  let sequence = firstSequence;
  const all = Array.from({ length: count }, (_, index) => {
    const monthsAgo = Math.floor((count - 1 - index) / perMonth);
    const month = new Date(Date.UTC(2026, 9 - monthsAgo, dice.pick([1, 1, 1, 2, 5, 15])));
    const issuedOn = month.toISOString().slice(0, 10);
    sequence += dice.between(1, apart);
    return {
      layerId: `${prefix}-${index}`,
      number: style.format(sequence, issuedOn),
      issuedOn,
      dueOn: dayAfter(issuedOn, termsDays),
      openMinor: BigInt(amountOf(index % perMonth)),
    };
  });
  const roles = rolesOf(dice, count, { settledCount, queriedCount, elsewhereCount });
  const having = (role: Role) => all.filter((_, index) => roles[index] === role).toSorted(byAge);
  return {
    invoices: {
      invoices: having('OPEN'),
      settled: having('SETTLED').map((invoice) => settle(dice, invoice)),
      queried: having('QUERIED'),
      elsewhere: having('ELSEWHERE'),
    },
    nextSequence: sequence + 1,
  };
}

const byAge = (one: OpenInvoice, other: OpenInvoice) =>
  one.issuedOn < other.issuedOn ? -1 : one.issuedOn > other.issuedOn ? 1 : 0;

function settle(dice: Dice, { openMinor, ...invoice }: OpenInvoice): SettledInvoice {
  return { ...invoice, grossMinor: openMinor, how: dice.pick(SETTLED_HOW) };
}

type Role = 'OPEN' | 'SETTLED' | 'QUERIED' | 'ELSEWHERE';

/** The older an invoice, the likelier it is settled; which are queried or stand elsewhere is chance. */
function rolesOf(
  dice: Dice,
  count: number,
  counts: { settledCount: number; queriedCount: number; elsewhereCount: number },
): Role[] {
  const roles: Role[] = Array.from({ length: count }, () => 'OPEN');
  const settledAmong = Array.from({ length: Math.min(count, counts.settledCount * 2) }, (_, index) => index);
  for (const index of dice.draw(settledAmong, counts.settledCount)) roles[index] = 'SETTLED';
  const left = roles.map((_, index) => index).filter((index) => roles[index] === 'OPEN');
  const drawn = dice.draw(left, counts.queriedCount + counts.elsewhereCount);
  for (const [place, index] of drawn.entries()) roles[index] = place < counts.queriedCount ? 'QUERIED' : 'ELSEWHERE';
  return roles;
}

/** What a customer is billed, by line of business: the same every month, a fee for each site, or by use. In minor units. */
function amountsOf(dice: Dice): (site: number) => number {
  const fee = () =>
    dice.pick([dice.between(15, 400) * 100, dice.between(15, 400) * 100 + 99, dice.between(1_500, 60_000)]);
  const fees = Array.from({ length: 30 }, fee);
  const use = () => dice.between(1_200, 240_000);
  const kind = dice.pickWeighted([
    { weight: 3, of: () => fees[0] ?? 1 },
    { weight: 3, of: (site: number) => fees[site % fees.length] ?? 1 },
    { weight: 5, of: use },
    { weight: 3, of: (site: number) => (dice.isChance(0.4) ? (fees[site % 3] ?? 1) : use()) },
  ]);
  return kind.of;
}
