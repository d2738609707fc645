import type { AuthChecker } from 'type-graphql';
import { forbidden } from '../common/errors.js';
import type { Caller, Scope } from './caller.js';

/** Throws FORBIDDEN, naming the scope that is missing. */
export function requireScope(caller: Caller, scope: Scope): void {
  if (caller.scopes.has(scope)) return;
  throw forbidden(`This needs the scope ${scope}, which the token does not have. Ask your administrator for it.`);
}

/** The check behind `@Authorized(scope)`: every scope named must be the caller's; none named: any token will do. */
export const checkScopes: AuthChecker<{ caller: Caller }, Scope> = ({ context }, scopes) => {
  for (const scope of scopes) requireScope(context.caller, scope);
  return true;
};
