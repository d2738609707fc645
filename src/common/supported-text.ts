/** The signs of trade are pictographs to Unicode, and stand in many a product's name. */
const UNSUPPORTED = /(?![©®™])[\p{Cc}\p{Cs}\p{Extended_Pictographic}\u{10000}-\u{10FFFF}]/u;

/** What of a text Sage cannot hold, in words: a control character, an emoji, a character beyond the basic plane. Null: nothing. */
export function unsupportedCharacter(text: string): string | null {
  const found = UNSUPPORTED.exec(text)?.[0];
  if (found === undefined) return null;
  const code = found.codePointAt(0) ?? 0;
  const isInvisible = /[\p{Cc}\p{Cs}]/u.test(found);
  return `${isInvisible ? 'the control character ' : `"${found}", `}U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
