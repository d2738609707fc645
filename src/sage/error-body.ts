const MAX_MESSAGE_LENGTH = 500;
/** Where messages have been seen: ASP.NET Web API, OData, and the .NET exception that leaks through (sage200.md §2.2). */
const MESSAGE_KEYS = [
  'message',
  'error_description',
  'exceptionmessage',
  'detail',
  'title',
  'error',
  'modelstate',
  'errors',
  'odata.error',
  'value',
];
const MAX_DEPTH = 4;

export interface ErrorReason {
  /** Trimmed, on one line, at most 500 characters; null when the body says nothing. */
  message: string | null;
  /** Whether Sage itself said it. An HTML page is a proxy's word on the way there. */
  isFromSage: boolean;
}

/** What an error's body says: a JSON object, a JSON string, plain text, HTML, or nothing (sage200.md §2.2). Never throws. */
export function reasonOf(body: string): ErrorReason {
  const text = body.trim();
  if (text === '') return { message: null, isFromSage: false };
  if (/^<|<html|<!doctype/i.test(text.slice(0, 200))) return { message: tidy(htmlText(text)), isFromSage: false };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { message: tidy(text), isFromSage: false };
  }
  const message = tidy(textIn(parsed, MAX_DEPTH) ?? '');
  return { message, isFromSage: message !== null };
}

function textIn(value: unknown, depth: number): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value;
  if (depth === 0 || typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) return firstText(value, depth);
  const entries = Object.entries(value);
  for (const key of MESSAGE_KEYS) {
    const found = entries.find(([name]) => name.toLowerCase() === key);
    const text = found === undefined ? null : textIn(found[1], depth - 1);
    // "The request is invalid." is ASP.NET's heading over the field that is to blame
    const fault =
      text !== null && /^The request is invalid\.?$/i.test(text.trim()) ? modelStateText(entries, depth) : null;
    if (text !== null) return fault === null ? text : `${text.trim()} ${fault}`;
  }
  return firstText(Object.values(value), depth);
}

function modelStateText(entries: [string, unknown][], depth: number): string | null {
  const state = entries.find(([name]) => name.toLowerCase() === 'modelstate');
  return state === undefined ? null : textIn(state[1], depth - 1);
}

function firstText(values: unknown[], depth: number): string | null {
  for (const value of values.slice(0, 20)) {
    const text = textIn(value, depth - 1);
    if (text !== null) return text;
  }
  return null;
}

function htmlText(html: string): string {
  const title = titleOf(html);
  if (title.trim() !== '') return title;
  return withoutTags(html.slice(0, 20_000).replace(/<(script|style)\b[\s\S]*?(<\/\1>|$)/gi, ' '));
}

/** Where the first <title is never closed, no later one is: a pattern would seek the end again from each of them. */
function titleOf(html: string): string {
  const start = html.search(/<title/i);
  const opened = start === -1 ? -1 : html.indexOf('>', start);
  if (opened === -1) return '';
  const end = html.indexOf('<', opened);
  return html.slice(opened + 1, end === -1 ? undefined : end);
}

/** Behind the last ">" no tag ends, and seeking one from every "<" there would take the square of their number. */
function withoutTags(html: string): string {
  const end = html.lastIndexOf('>') + 1;
  return html.slice(0, end).replace(/<[^>]*>/g, ' ') + html.slice(end);
}

function tidy(text: string): string | null {
  const line = text
    .slice(0, 20_000)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line === '' ? null : line.slice(0, MAX_MESSAGE_LENGTH);
}
