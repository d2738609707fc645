/** The digits with one changed, two swapped, or one dropped: each way once. */
export function typosOf(digits: string): string[] {
  const typos = new Set<string>();
  for (let at = 0; at < digits.length; at += 1) {
    const before = digits.slice(0, at);
    const after = digits.slice(at + 1);
    typos.add(before + after);
    for (let digit = 0; digit < 10; digit += 1) typos.add(`${before}${digit}${after}`);
    if (after !== '') typos.add(before + after[0] + digits[at] + after.slice(1));
  }
  typos.delete(digits);
  return [...typos];
}
