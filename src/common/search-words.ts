/** Folds case and accents, so that "Müller" and "MULLER" are one word: compatibility forms, no marks, lower case. */
export function foldText(text: string): string {
  return (
    text
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      // typographic apostrophes and accents standing alone are typed for one another
      .replace(/[‘’ʼ`´]/g, "'")
      .toLowerCase()
      .replace(/ß/g, 'ss')
      .replace(/ø/g, 'o')
      .replace(/ł/g, 'l')
      .replace(/æ/g, 'ae')
      .replace(/œ/g, 'oe')
      .replace(/đ/g, 'd')
  );
}

/** A word longer than this is kept and compared by its beginning. */
export const MAX_WORD_LENGTH = 40;

/** From the first letter or digit to the last. One match: a search for the edges would begin anew at each sign of a long row of them. */
const WITHOUT_EDGES = /[\p{L}\p{N}](?:.*[\p{L}\p{N}])?/su;

function wordsBetweenBlanks(text: string): string[] {
  return foldText(text)
    .split(/\s+/)
    .map((word) => (WITHOUT_EDGES.exec(word)?.[0] ?? '').slice(0, MAX_WORD_LENGTH))
    .filter((word) => word !== '');
}

/** The words of a name by which it is found: as written between blanks ("o'brien"), and the parts of those ("o", "brien"). */
export function wordsOf(text: string): string[] {
  const parts = foldText(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set([...wordsBetweenBlanks(text), ...parts.map((part) => part.slice(0, MAX_WORD_LENGTH))])];
}

/** The words that a person typed: each must be the beginning of something. */
export function typedWords(search: string): string[] {
  return [...new Set(wordsBetweenBlanks(search))];
}

/** The least text that sorts after every text beginning with `prefix`, for `>= prefix AND < end` over an index. */
export function prefixEnd(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
