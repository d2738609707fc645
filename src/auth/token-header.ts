import { decodeProtectedHeader, errors } from 'jose';

/** They would have the rest of the token read in another way. A key that a header brings or points to is never looked at. */
const CHANGE_THE_MEANING = ['crit', 'b64', 'zip'] as const;
/** Tokens of an issuer for other purposes (log-outs, security events, proofs) are no entry here. */
const TYPES = new Set(['jwt', 'at+jwt', 'application/jwt', 'application/at+jwt']);

/** Throws one of jose's errors when a token's header is not that of a plain access token. */
export function refuseHeader(token: string): void {
  const header = decodeProtectedHeader(token);
  if (CHANGE_THE_MEANING.some((name) => name in header)) throw new errors.JWTInvalid('The header changes the meaning.');
  const { typ } = header;
  if (typ !== undefined && !(typeof typ === 'string' && TYPES.has(typ.toLowerCase())))
    throw new errors.JWTInvalid('The token is of another type.');
}
