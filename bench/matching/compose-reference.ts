import type { Dice } from './dice.js';
import type { LedgerCustomer } from './generated-ledger.js';
import { digitsAlone, spell } from './invoice-numbers.js';

/** The two references of a receipt, as Sage keeps them. */
export type References = readonly [string, string];

const AROUND: readonly ((core: string, name: string) => string)[] = [
  (core) => core,
  (core) => core,
  (core) => `PAYMENT REF ${core} THANKS`,
  (core) => `PAYMENT REF ${core}`,
  (core, name) => `BACS ${core} ${name}`,
  (core) => `BACS ${core}`,
  (core) => `FPS ${core}`,
  (core) => `Ref: ${core}`,
  (core, name) => `${name} ${core}`,
  (core, name) => `${core} ${name}`,
  (core) => `${core}.`,
  (core) => `(${core})`,
  (core) => `PYMT ${core} TKS`,
  (core) => `paid ${core} thank you`,
];

/** Words around what is named, so far as there is room; null where there is no room for that itself. */
export function around(dice: Dice, customer: LedgerCustomer, core: string): string | null {
  const texts = AROUND.map((form) => form(core, customer.name)).filter(
    (text) => text.length <= customer.referenceLength,
  );
  return texts.length === 0 ? null : dice.pick(texts);
}

/** Puts a text into either reference, and beside it what stands there when nothing is named. */
export function beside(dice: Dice, customer: LedgerCustomer, text: string): References {
  const other = dice.isChance(0.5) ? '' : silentText(dice, customer);
  return dice.isChance(0.5) ? [text, other] : [other, text];
}

export const cut = (customer: LedgerCustomer, text: string) => text.slice(0, customer.referenceLength);

/** A reference that names nothing: blank, short, words, or numbers of other things. */
export function silentText(dice: Dice, customer: LedgerCustomer): string {
  const text = dice.pick([
    () => '',
    () => '',
    () => 'BACS',
    () => 'FPS',
    () => dice.digits(2),
    () => '-',
    () => 'THANK YOU',
    () => 'BROADBAND',
    () => customer.name,
    () => `BACS ${customer.name}`,
    () => `REC${dice.digits(6)}`,
    () => otherNumber(dice),
  ])();
  return cut(customer, text);
}

/** Years, dates, sort codes, telephone and account numbers. */
export function otherNumber(dice: Dice): string {
  const day = String(dice.between(1, 28)).padStart(2, '0');
  const month = String(dice.between(1, 12)).padStart(2, '0');
  return dice.pick([
    () => `${dice.pick(['JAN', 'MAR', 'JUL', 'OCT', 'NOV'])} 2026`,
    () => `${day}${month}26`,
    () => `${day}/${month}/2026`,
    () => `2026-${month}-${day}`,
    () => `SC ${dice.digits(2)}-${dice.digits(2)}-${dice.digits(2)}`,
    () => `${dice.digits(2)}${dice.digits(4)} ${dice.digits(8)}`,
    () => `TEL 0${dice.digits(4)} ${dice.digits(6)}`,
    () => `A/C ${dice.digits(8)}`,
    () => `FP ${dice.digits(10)}`,
  ])();
}

const SEPARATORS = ['/', ' & ', ', ', ' ', '+', ' AND ', ';', ','];

/** Numbers one after the other as customers list them: each in full, or by its digits where those are enough. */
export function listOf(dice: Dice, numbers: readonly string[]): string[] {
  const isShort = dice.isChance(0.7);
  return numbers.map((number, index) => {
    const alone = digitsAlone(number);
    return index > 0 && isShort && alone !== null ? alone : spell(dice, number);
  });
}

/** A list in one reference, or spread over both; null where there is no room for it. */
export function listed(dice: Dice, customer: LedgerCustomer, parts: readonly string[]): References | null {
  const separator = dice.pick(SEPARATORS);
  const whole = around(dice, customer, parts.join(separator));
  if (whole !== null && dice.isChance(0.8)) return beside(dice, customer, whole);
  for (const tried of [separator, ',', ' ']) {
    const half = Math.ceil(parts.length / 2);
    const references = [parts.slice(0, half).join(tried), parts.slice(half).join(tried)] as const;
    if (references.every((text) => text.length <= customer.referenceLength)) return references;
  }
  return null;
}
