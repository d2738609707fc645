import { SignJWT } from 'jose';
import { DEFAULT_INSTANCE } from './instances.js';
import { SCOPES } from './caller.js';

/** A token for trying things out, with every scope, for twelve hours. AUTH_MODE=demo only. */
export function signDemoToken(secret: Uint8Array, subject = 'demo'): Promise<string> {
  return new SignJWT({ instance: DEFAULT_INSTANCE, scope: SCOPES.join(' ') })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime('12h')
    .sign(secret);
}
