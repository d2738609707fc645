/**
 * What each piece of evidence adds to a candidate's score, which is in [0, 1]. What matters is the order that they make: a number with
 * the exact amount, then the exact amount alone or with some of the numbers, then a number with another amount, then what is only
 * plausible. `npm run bench:matching` says what a change does.
 */
export const WEIGHTS = {
  /** Some or all invoices are named. */
  named: 0.4,
  /** By their digits only. */
  byDigits: -0.03,
  /** All invoices are named, and no others, and the amount is theirs. */
  exactAndTied: 0.55,
  /** The same, and others are named too. */
  exactAndNamed: 0.42,
  /** The amount is theirs, as far as it is no chance; none or some of them are named. */
  exact: 0.82,
  exactPartlyNamed: 0.46,
  /** The amount is theirs, and chance may well have made it. */
  exactByChance: 0.42,
  eachMoreInvoice: -0.02,
  onlyOpenInvoice: 0.06,
  everythingOpen: 0.03,
  specialSet: 0.01,
  /** Named, and paid in part; named, and more than is open. */
  namedInPart: 0.32,
  namedAndMore: 0.26,
  /** The same of what is not named. */
  onlyOpenInPart: 0.45,
  closestInPart: 0.29,
  oldestInPart: 0.3,
  near: 0.08,
  /** Others are named: against one invoice, and against a set, that is not named itself. */
  otherNamedThanThis: -0.05,
  otherNamedThanThese: -0.12,
  /** Others are named too: for the first of them, and for each more. */
  otherNamedToo: -0.06,
  moreNamedToo: -0.02,
  someNotNamed: -0.02,
  nearDueDate: 0.02,
  beforeIssue: -0.12,
  paidBefore: 0.01,
  strayWithNames: -0.15,
  strayWithoutNames: -0.02,
  elsewhere: -0.1,
  perhapsTwice: -0.35,
  otherMoney: -0.02,
  undoneBefore: -0.3,
} as const;
