import {
  createInstance,
  type Instance,
  readInstance,
  readInstances,
  setDisabled,
  setLimits,
} from '../auth/instance-rows.js';
import type { Clock } from '../common/clock.js';
import type { Random } from '../common/random.js';
import type { Config } from '../config/config.js';
import { signInLink, SignInTickets } from '../connection/sign-in-tickets.js';
import type { Database } from '../database/database.js';
import type { InstanceOrder } from './instance-arguments.js';
import { USAGE } from './instance-arguments.js';
import { publicUrlOf } from './sage-addresses.js';
import { textTable } from './text-table.js';

export interface InstanceCommandParts {
  database: Database;
  config: Config;
  clock: Clock;
  random: Random;
}

/** The order cannot be carried out. The message says why. */
export class InstanceCommandError extends Error {
  override name = 'InstanceCommandError';
}

/** Carries out one order of `npm run instance`, and answers what to print. Throws InstanceCommandError. */
export async function runInstanceCommand(parts: InstanceCommandParts, order: InstanceOrder): Promise<string> {
  if (order.verb === 'help') return USAGE;
  if (order.verb === 'list') return list(parts);
  if (order.verb === 'create') return create(parts, order);
  const instance = await readInstance(parts.database, order.slug);
  if (!instance) throw new InstanceCommandError(`There is no instance ${order.slug}. \`list\` shows all there are.`);
  switch (order.verb) {
    case 'disable':
    case 'enable':
      return switchTo(parts, instance, order.verb);
    case 'set':
      return set(parts, instance, order);
    case 'sign-in':
      return signIn(parts, instance);
  }
}

type LimitsOrder = Extract<InstanceOrder, { verb: 'create' | 'set' }>;

async function create({ database, clock, config }: InstanceCommandParts, order: LimitsOrder): Promise<string> {
  const { slug, ratePerSecond = null, rateBurst = null } = order;
  const instance = await createInstance(database, slug, { ratePerSecond, rateBurst }, clock.now());
  if (!instance)
    throw new InstanceCommandError(`The instance ${slug} exists already. \`set ${slug}\` changes its limits.`);
  return `The instance ${slug} was made (id ${instance.id}, ${limitsOf(instance, config)}).
Its tokens carry "instance": "${slug}". \`sign-in ${slug}\` prints the link to its Sage.
`;
}

async function switchTo({ database, clock }: InstanceCommandParts, { id, slug }: Instance, verb: 'disable' | 'enable') {
  const isChanged = await setDisabled(database, id, verb === 'disable' ? clock.now() : null);
  if (!isChanged) return `The instance ${slug} is ${verb}d already.\n`;
  return verb === 'disable'
    ? `The instance ${slug} is disabled: within five seconds its tokens are refused, its sockets closed, its pulls and pushes stopped. Its data stay.\n`
    : `The instance ${slug} is enabled: within five seconds it goes on where it stood.\n`;
}

async function set(
  { database, config }: InstanceCommandParts,
  instance: Instance,
  order: LimitsOrder,
): Promise<string> {
  const { ratePerSecond = instance.ratePerSecond, rateBurst = instance.rateBurst } = order;
  await setLimits(database, instance.id, { ratePerSecond, rateBurst });
  return `The instance ${instance.slug} has ${limitsOf({ ratePerSecond, rateBurst }, config)}.\n`;
}

async function signIn({ database, clock, random, config }: InstanceCommandParts, instance: Instance): Promise<string> {
  if (instance.disabledAt)
    throw new InstanceCommandError(`The instance ${instance.slug} is disabled. \`enable ${instance.slug}\` first.`);
  const tickets = new SignInTickets(database, clock, random);
  const ticket = await tickets.issue({ instanceId: instance.id, subject: 'npm run instance' });
  return `Open this link and sign in to the Sage of ${instance.slug}. It is for one use, within ten minutes.
${signInLink(publicUrlOf(config), ticket)}
`;
}

async function list({ database, config }: InstanceCommandParts): Promise<string> {
  const connections = await database.query<{ instanceId: number; state: string }>(
    'SELECT instance_id AS instanceId, state FROM sage_connection',
  );
  const states = new Map(connections.map(({ instanceId, state }) => [instanceId, state]));
  const rows = (await readInstances(database)).map((instance) => [
    instance.slug,
    String(instance.id),
    // `default` was there from the start
    instance.createdAt.getTime() === 0 ? '-' : instance.createdAt.toISOString().slice(0, 16).replace('T', ' '),
    instance.disabledAt ? 'disabled' : 'enabled',
    states.get(instance.id) ?? 'NOT_CONNECTED',
    limitsOf(instance, config),
  ]);
  return textTable(['slug', 'id', 'created (UTC)', 'state', 'Sage', 'limits'], rows);
}

function limitsOf({ ratePerSecond, rateBurst }: Pick<Instance, 'ratePerSecond' | 'rateBurst'>, config: Config): string {
  const perSecond = ratePerSecond ?? `${config.RATE_LIMIT_INSTANCE_PER_SECOND} (default)`;
  const burst = rateBurst ?? `${config.RATE_LIMIT_INSTANCE_BURST} (default)`;
  return `${perSecond} root fields a second, ${burst} at once`;
}
