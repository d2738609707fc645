import type { Buffer } from 'node:buffer';

const LF = 0x0a;
const CR = 0x0d;
const BLANKS = new Set([0x20, 0x09]);

/**
 * Tells on which line each record of a CSV begins, from where the one before it ended: a quoted value may have line
 * breaks in it, and blank lines belong to no record. The lines that csv-parse counts take a CR LF in quotes for two.
 */
export class LineCounter {
  private offset = 0;
  private line = 1;

  constructor(private readonly text: Buffer) {}

  /** The line on which the next record begins; blank lines are passed over. */
  next(): number {
    for (;;) {
      let end = this.offset;
      while (BLANKS.has(this.text[end] ?? -1)) end += 1;
      if (!this.isBreak(end)) return this.line;
      this.advance(end + 1 + (this.text[end] === CR && this.text[end + 1] === LF ? 1 : 0));
    }
  }

  /** Goes on behind a record, which ended at this byte. */
  advance(offset: number): void {
    for (; this.offset < offset; this.offset += 1) {
      if (!this.isBreak(this.offset)) continue;
      // a CR LF counts once, at its LF
      if (this.text[this.offset] === CR && this.text[this.offset + 1] === LF) continue;
      this.line += 1;
    }
  }

  private isBreak(offset: number): boolean {
    return this.text[offset] === LF || this.text[offset] === CR;
  }
}
