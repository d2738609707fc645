import { z } from 'zod';

// Kinds of values that variables have. Each says itself what it must be, as zod's own words are for programmers.

/** A whole number in a range. */
export function whole(min: number, max?: number) {
  const error =
    max === undefined ? `must be a whole number, ${min} or more` : `must be a whole number from ${min} to ${max}`;
  return z.coerce
    .number(error)
    .int(error)
    .min(min, error)
    .max(max ?? Number.MAX_SAFE_INTEGER, error);
}

/** A number, not necessarily whole. */
export function above0(max?: number) {
  const error = max === undefined ? 'must be a number above 0' : `must be a number above 0 and at most ${max}`;
  return z.coerce
    .number(error)
    .positive(error)
    .max(max ?? Number.MAX_VALUE, error);
}

export const port = whole(0, 65_535);
export const seconds = above0(31_536_000);
export const count = whole(1);

export const oneOf = <const T extends readonly string[]>(words: T) =>
  z.enum(words, `must be one of ${words.join(', ')}`);

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

export function anyOf<const T extends readonly string[]>(words: T) {
  const error = `must be any of ${words.join(', ')}, separated by commas`;
  return list.pipe(z.array(z.enum(words, error)).min(1, error));
}

export const origins = list.pipe(
  z.array(
    z.string().refine(isOrigin, {
      error: ({ input }) => `must list exact origins such as https://portal.example; ${String(input)} is not one`,
    }),
  ),
);

export const url = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
  .transform((text) => text.replace(/\/+$/, ''));
export const timeZone = z.string().refine(isTimeZone, 'is no IANA time zone, such as Europe/London');
export const key = z.string().refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64');
export const databaseUrl = z
  .string()
  .refine(
    (text) => /^(sqlite:.+|mysql:\/\/[^/]+\/.+)/.test(text),
    'must be sqlite:<path> or mysql://user:password@host:3306/name',
  );

/** As a browser would send it. `*` would let every page in; one with a slash at its end would never be met. */
function isOrigin(text: string): boolean {
  if (text.includes('*') || !URL.canParse(text)) return false;
  const { protocol, host } = new URL(text);
  return host !== '' && text === `${protocol}//${host}`;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
