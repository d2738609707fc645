import { DEFAULT_INSTANCE_ID } from '../auth/instances.js';
import { signDemoToken } from '../auth/demo-token.js';
import type { Config } from '../config/config.js';
import type { Gateway } from './gateway.js';

/** In demo mode only: where to go, a token, and a query to paste. */
export async function printBanner(config: Config, { url, demoSecret, database, sandboxUrl }: Gateway): Promise<void> {
  if (config.AUTH_MODE !== 'demo' || !demoSecret || !url) return;
  const token = await signDemoToken(demoSecret);
  const [customer] = await database.query<{ layerId: string }>(
    'SELECT layer_id AS layerId FROM customer WHERE instance_id = ? ORDER BY layer_id LIMIT 1',
    [DEFAULT_INSTANCE_ID],
  );
  const layerId = customer?.layerId ?? 'C10001';
  const query = `{ customer(layerId: "${layerId}") { name sageAccount { accountNumber balance { amount currency } creditLimit { amount } availableCredit { amount } onHold statusReason overdue { amount } unallocatedCredit { amount } agedDebt { label amount { amount } } freshness { asOf ageSeconds stale } } } }`;
  process.stdout.write(`
  The Layer – Sage 200 gateway (demo)

  GraphQL   ${url}
  Health    ${new URL('/health/ready', url)}${sandboxUrl ? `\n  Sage 200  ${sandboxUrl}/sandbox  (built-in sandbox)` : ''}

  Token (12 hours, every scope)
  ${token}

  Try the Customer Sage Balances widget:

  curl -s ${url} -H 'content-type: application/json' \\
    -H 'authorization: Bearer ${token}' \\
    -d '${JSON.stringify({ query })}'

`);
}
