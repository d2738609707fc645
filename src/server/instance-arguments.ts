import { parseArgs } from 'node:util';

/** A limit as it was typed: a number; null for "default", as the gateway is configured; undefined where it was not given. */
type TypedLimit = number | null | undefined;

export type InstanceOrder =
  | { verb: 'help' }
  | { verb: 'list' }
  | { verb: 'disable' | 'enable' | 'sign-in'; slug: string }
  | { verb: 'create' | 'set'; slug: string; ratePerSecond: TypedLimit; rateBurst: TypedLimit };

/** What was typed cannot be understood. The message says why. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export const USAGE = `npm run instance -- <command>

  create <slug> [--rate-per-second N] [--rate-burst N]   makes an instance
  list                                                   shows all of them
  set <slug> [--rate-per-second N] [--rate-burst N]      gives it other limits; "default": as the gateway is configured
  disable <slug>     refuses its tokens, closes its sockets, stops its pulls and pushes within five seconds; keeps its data
  enable <slug>      lets it go on where it stood
  sign-in <slug>     prints a link by which a person signs in to its Sage: for one use, within ten minutes

A slug has 1 to 63 of a-z, 0-9 and -, and does not begin with -. It is what tokens name in the claim "instance".
The limits are on root fields of queries and mutations, of all callers of the instance together, in each process.
The database is that of DATABASE_URL; gateways may be running on it.
`;

const MAX_LIMIT = 1_000_000;

/** Throws UsageError. */
export function parseInstanceArguments(args: string[]): InstanceOrder {
  const { values, positionals } = parsed(args);
  const [verb = 'help', slug, ...more] = positionals;
  if (values.help || verb === 'help') return { verb: 'help' };
  if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many.`);
  const hasLimits = values['rate-per-second'] !== undefined || values['rate-burst'] !== undefined;
  switch (verb) {
    case 'list':
      if (slug !== undefined) throw new UsageError('list takes no slug: it shows all instances.');
      refuseLimits(verb, hasLimits);
      return { verb };
    case 'disable':
    case 'enable':
    case 'sign-in':
      refuseLimits(verb, hasLimits);
      return { verb, slug: checkedSlug(verb, slug) };
    case 'create':
    case 'set':
      if (verb === 'set' && !hasLimits) throw new UsageError('set needs --rate-per-second, --rate-burst or both.');
      return {
        verb,
        slug: checkedSlug(verb, slug),
        ratePerSecond: limitOf('--rate-per-second', values['rate-per-second']),
        rateBurst: limitOf('--rate-burst', values['rate-burst']),
      };
    default:
      throw new UsageError(`"${verb}" is no command.`);
  }
}

const OPTIONS = {
  'rate-per-second': { type: 'string' },
  'rate-burst': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Not strict: what is wrong is said in words of ours. An option without its value is `true`. */
function parsed(args: string[]) {
  const found = parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: false, tokens: true });
  for (const token of found.tokens)
    if (token.kind === 'option' && !Object.hasOwn(OPTIONS, token.name))
      throw new UsageError(`There is no option ${token.rawName}.`);
  return found;
}

function refuseLimits(verb: string, hasLimits: boolean): void {
  if (hasLimits) throw new UsageError(`${verb} takes no limits. Use set.`);
}

function checkedSlug(verb: string, slug: string | undefined): string {
  if (slug === undefined) throw new UsageError(`${verb} needs a slug.`);
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(slug))
    throw new UsageError(`"${slug}" is no slug: 1 to 63 of a-z, 0-9 and -, not beginning with -.`);
  return slug;
}

function limitOf(name: string, text: string | boolean | undefined): TypedLimit {
  if (text === undefined) return undefined;
  if (text === 'default') return null;
  const limit = typeof text === 'string' && /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT)
    throw new UsageError(`${name} takes a whole number from 1 to ${MAX_LIMIT}, or "default".`);
  return limit;
}
