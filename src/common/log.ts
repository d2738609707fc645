import { pino, type Logger } from 'pino';

export type Log = Logger;

/** JSON lines on standard output. No token, secret or personal detail belongs in them; the paths below are a last net. */
export function createLog(level: string): Log {
  return pino({
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        'authorization',
        'headers.authorization',
        '*.access_token',
        '*.refresh_token',
        '*.client_secret',
        '*.password',
      ],
      censor: '[redacted]',
    },
  });
}

export const silentLog: Log = pino({ level: 'silent' });
