import { systemClock } from '../../src/common/clock.js';
import { systemRandom } from '../../src/common/random.js';
import { readConfig } from '../../src/config/config.js';
import { parseInstanceArguments } from '../../src/server/instance-arguments.js';
import { runInstanceCommand } from '../../src/server/instance-command.js';
import { signToken, type TestGateway } from './test-gateway.js';

/** What `npm run instance -- …` prints. Throws as the command fails. */
export function order({ gateway, variables }: TestGateway, ...args: string[]): Promise<string> {
  const parts = { database: gateway.database, config: readConfig(variables), clock: systemClock, random: systemRandom };
  // in a process of its own it would have the database to itself for a moment; on SQLite this one holds the writer
  return runInstanceCommand(parts, parseInstanceArguments(args));
}

/** The gateway as another instance asks it, with the Sage that it is signed in to. */
export async function asInstance(
  gateway: TestGateway,
  instance: string,
  sandbox = gateway.sandbox,
): Promise<TestGateway> {
  const token = await signToken({ instance });
  const { graphql } = gateway;
  const other: TestGateway = Object.create(gateway, {
    sandbox: { value: sandbox },
    graphql: { value: (query: string, values?: Record<string, unknown>) => graphql(query, values, token) },
    data: {
      value: async (query: string, values?: Record<string, unknown>) => {
        const { body } = await other.graphql(query, values);
        if (body.errors) throw new Error(JSON.stringify(body.errors));
        return body.data;
      },
    },
  });
  return other;
}

/** A person signs in to Sage: from the link that they were given to the last page. Answers that page. */
export async function signInBy(link: string, { url }: TestGateway): Promise<{ status: number; html: string }> {
  const here = new URL(url).origin;
  const { pathname, search } = new URL(link);
  const toSage = await fetch(`${here}${pathname}${search}`, { redirect: 'manual' });
  if (toSage.status !== 302) return { status: toSage.status, html: await toSage.text() };
  const sage = new URL(toSage.headers.get('location') ?? '');
  // as a browser would that is signed in to Sage already
  sage.searchParams.set('prompt', 'none');
  const back = new URL((await fetch(sage, { redirect: 'manual' })).headers.get('location') ?? '');
  const cookie = toSage.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = await fetch(`${here}${back.pathname}${back.search}`, { headers: { cookie } });
  return { status: page.status, html: await page.text() };
}
