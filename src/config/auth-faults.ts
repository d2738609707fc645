import { isLoopback } from '../common/loopback.js';

interface AuthValues {
  production: boolean;
  HOST: string;
  AUTH_MODE: string;
  AUTH_JWKS_URL?: string;
  AUTH_JWT_SECRET?: string;
}

/** Faults of how tokens are checked, one a line. */
export function faultsOfAuth({ production, HOST, AUTH_MODE, AUTH_JWKS_URL, AUTH_JWT_SECRET }: AuthValues): string[] {
  const faults: string[] = [];
  if (AUTH_MODE === 'demo' && !isLoopback(HOST))
    faults.push(`AUTH_MODE: demo is refused on ${HOST}; it is for loopback addresses only`);
  if (AUTH_MODE === 'demo' && production) faults.push('AUTH_MODE: demo is refused with NODE_ENV=production');
  if (AUTH_MODE === 'jwt' && !AUTH_JWKS_URL && !AUTH_JWT_SECRET)
    faults.push('AUTH_JWKS_URL: this or AUTH_JWT_SECRET is required with AUTH_MODE=jwt');
  if (AUTH_JWKS_URL && AUTH_JWT_SECRET) faults.push('AUTH_JWT_SECRET: give either this or AUTH_JWKS_URL, not both');
  if (AUTH_JWKS_URL) faults.push(...faultsOfAddress(new URL(AUTH_JWKS_URL), production));
  return faults;
}

/** Whoever can change the keys on their way makes tokens that are good here. */
function faultsOfAddress({ protocol, hostname, username, password }: URL, production: boolean): string[] {
  const faults: string[] = [];
  const isSafe = protocol === 'https:' || isLoopback(hostname.replace(/^\[|\]$/g, ''));
  if (production && !isSafe) faults.push('AUTH_JWKS_URL: must be https with NODE_ENV=production');
  if (username !== '' || password !== '') faults.push('AUTH_JWKS_URL: must not hold a user or a password');
  return faults;
}
