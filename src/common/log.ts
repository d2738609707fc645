import { type DestinationStream, type LogFn, type Logger, pino } from 'pino';
import { loggedError } from './logged-error.js';

export type Log = Logger;

const MAX_TEXT_LENGTH = 300;
const MAX_DEPTH = 3;

/**
 * JSON lines on standard output, or where they are told to go. No token, secret or personal detail belongs in them. It is built in, not
 * asked for: an error is told by an allow-list wherever it stands (`loggedError`), and of other things only plain values are told.
 */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { log: (fields: Record<string, unknown>) => toldFields(fields, 0) },
    serializers: { err: (told: unknown) => told },
    hooks: { logMethod, streamWrite: withoutTokens },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** A JSON Web Token shows what it is, wherever it stands. */
const TOKEN = /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;

const withoutTokens = (line: string) => line.replaceAll(TOKEN, '[token]');

/** Whoever logs a bare error would have its message for the line's own. */
function logMethod(this: Log, [first, ...rest]: Parameters<LogFn>, method: LogFn): void {
  if ((first as unknown) instanceof Error)
    method.call(this, { err: first }, (rest[0] as string | undefined) ?? 'an error');
  else method.call(this, first, ...rest);
}

export const silentLog: Log = pino({ level: 'silent' });

function toldFields(fields: Record<string, unknown>, depth: number): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, told(value, depth)]));
}

/** A request, a socket, a connection: whatever is no plain value is told by its kind alone. */
function told(value: unknown, depth: number): unknown {
  if (value instanceof Error) return loggedError(value);
  if (typeof value === 'string') return value.slice(0, MAX_TEXT_LENGTH);
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => told(item, depth + 1));
  const kind = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  if (kind === null || kind === Object.prototype) return toldFields(value as Record<string, unknown>, depth + 1);
  return `[${kind.constructor?.name ?? 'object'}]`;
}
