/** What Sage's database and screens do not hold: control characters, emoji, and what lies beyond the Basic Multilingual Plane. */
const UNSUPPORTED = /[\p{Cc}\p{Cs}\p{Extended_Pictographic}\u{10000}-\u{10FFFF}]/u;

/** The first character of the text that Sage cannot hold, in a form that can be shown; null when it can hold all of it. */
export function unsupportedCharacter(text: string): string | null {
  const found = UNSUPPORTED.exec(text)?.[0];
  if (found === undefined) return null;
  const code = found.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
