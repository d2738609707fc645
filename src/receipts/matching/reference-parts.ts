/** A run of letters or of digits in a reference. */
export interface ReferencePart {
  /** In upper case. */
  text: string;
  isDigits: boolean;
  /** No blank or sign stands between it and the part before. */
  isGlued: boolean;
}

/** The runs of letters and of digits of a text: "INV-1042/7" is INV, 1042, 7. */
export function readParts(text: string): ReferencePart[] {
  const parts: ReferencePart[] = [];
  let end = -1;
  for (const match of text
    .normalize('NFKC')
    .toUpperCase()
    .matchAll(/\d+|\p{L}+/gu)) {
    const [run] = match;
    parts.push({ text: run, isDigits: /^\d/.test(run), isGlued: match.index === end });
    end = match.index + run.length;
  }
  return parts;
}
