/** A number in the three parts in which Sage keeps it (sage200.md §3.1). A part that cannot be told is empty. */
export interface TelephoneParts {
  countryCode: string;
  areaCode: string;
  subscriberNumber: string;
}

/** As wide as Sage's columns. */
const MAX_AREA_CODE = 20;
const MAX_SUBSCRIBER_NUMBER = 200;
/** The three parts with a blank between them: what Sage shows as the full number. */
export const MAX_TELEPHONE_LENGTH = 227;

/** ITU-T E.164: zones 1 and 7 have one digit, these two, and all others three. */
const TWO_DIGIT_CODES = /^(20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/**
 * Splits a number as a person writes it: "+44 20 7946 0000" is +44, 20, 7946 0000; "020 7946 0000" is 020, 7946 0000. What has no
 * gaps to tell the area by stays one piece. No character is lost but the blanks at the seams. Null when a part would not fit.
 */
export function splitTelephone(text: string): TelephoneParts | null {
  const number = text.trim().replace(/\s+/g, ' ');
  const countryCode = countryCodeOf(number);
  const rest = number.slice(countryCode.length).trim();
  const areaCode = areaCodeOf(rest, countryCode !== '');
  const subscriberNumber = rest.slice(areaCode.length).trim();
  return subscriberNumber.length > MAX_SUBSCRIBER_NUMBER ? null : { countryCode, areaCode, subscriberNumber };
}

/** Whether two ways of writing mean the same number: blanks, brackets and dashes aside. */
export function isSameTelephone(a: string, b: string): boolean {
  return bare(a) === bare(b);
}

const bare = (text: string) =>
  text
    .toLowerCase()
    .replace(/[\s()./-]/g, '')
    .replace(/^00/, '+');

function countryCodeOf(number: string): string {
  const prefix = /^(\+|00)\s?/.exec(number)?.[0];
  if (prefix === undefined) return '';
  const digits = /^\d+/.exec(number.slice(prefix.length))?.[0] ?? '';
  if (digits === '') return '';
  const length = /^[17]/.test(digits) ? 1 : TWO_DIGIT_CODES.test(digits) ? 2 : 3;
  const code = prefix.trim() + digits.slice(0, length);
  // "+ 44": the blank would be lost out of the middle
  return digits.length < length || prefix.trim() !== prefix ? '' : code;
}

/** The first group, with a "(0)" before it, where another group follows; of a national number only one that begins with 0. */
function areaCodeOf(rest: string, isInternational: boolean): string {
  const group = /^(?:\(0\)\s?\d+|\(\d+\)|\d+)(?=[\s-]\S)/.exec(rest)?.[0] ?? '';
  if (group.length > MAX_AREA_CODE) return '';
  return isInternational || /^\(?0/.test(group) ? group : '';
}
