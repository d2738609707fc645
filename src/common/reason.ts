import { unsupportedCharacter } from './supported-text.js';
import type { UserError } from './user-error.type.js';

const MAX_REASON_LENGTH = 500;

/** Why a text is no reason to be kept in the audit trail; null when it is one. `why`: what it is the reason of, e.g. "this push will never go". */
export function reasonFault(reason: string, why: string): UserError | null {
  const field = ['reason'];
  if (reason === '') {
    return {
      code: 'REASON_NEEDED',
      message: 'No reason was given.',
      remedy: `Say why ${why}: it is kept in the audit trail.`,
      field,
    };
  }
  if (Array.from(reason).length > MAX_REASON_LENGTH) {
    return {
      code: 'TOO_LONG',
      message: `The reason is longer than ${MAX_REASON_LENGTH} characters.`,
      remedy: 'Say it in fewer words.',
      field,
    };
  }
  const character = unsupportedCharacter(reason);
  if (character === null) return null;
  return {
    code: 'UNSUPPORTED_CHARACTER',
    message: `The reason has a character that cannot be kept: ${character}.`,
    remedy: 'Write it without emoji and control characters, on one line.',
    field,
  };
}
