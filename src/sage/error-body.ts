const MAX_LENGTH = 500;
const MESSAGE_KEYS = [
  'Message',
  'message',
  'error_description',
  'error',
  'title',
  'detail',
  'ExceptionMessage',
  'developer_message',
];

/**
 * What an error body says, in plain words. Sage documents none: known are JSON objects, JSON strings, HTML of the proxies
 * before it, and nothing at all (sage200.md §2.2).
 */
export function messageOfErrorBody(body: string): string {
  const text = body.trim();
  if (text === '') return '';
  return clip(fromJson(text) ?? (text.startsWith('<') ? fromHtml(text) : text));
}

function fromJson(text: string): string | null {
  try {
    return fromValue(JSON.parse(text));
  } catch {
    return null;
  }
}

function fromValue(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(fromValue).filter(Boolean).join(' ') || null;
  if (typeof value !== 'object' || value === null) return null;
  const object = value as Record<string, unknown>;
  const parts = MESSAGE_KEYS.map((key) => fromValue(object[key])).filter((part): part is string => Boolean(part));
  const details = fromValue(object.ModelState ? Object.values(object.ModelState as object) : object.errors);
  return [...new Set([...parts, ...(details ? [details] : [])])].join(' ') || JSON.stringify(value);
}

function fromHtml(text: string): string {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1];
  const heading = /<h1[^>]*>([^<]*)<\/h1>/i.exec(text)?.[1];
  return (title ?? heading ?? text.replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ');
}

function clip(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > MAX_LENGTH ? `${trimmed.slice(0, MAX_LENGTH - 1)}…` : trimmed;
}
