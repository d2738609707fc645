import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from '../../src/common/clock.js';
import { silentLog } from '../../src/common/log.js';
import { systemRandom } from '../../src/common/random.js';
import type { Database } from '../../src/database/database.js';
import { customerLane, enqueue } from '../../src/pushes/enqueue.js';
import { PushEngine } from '../../src/pushes/push-engine.js';
import type { PushHandler } from '../../src/pushes/push-handler.js';
import { openTestDatabase } from '../support/test-database.js';
import { until } from '../support/test-gateway.js';

let database: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ database, close } = await openTestDatabase());
});
afterAll(() => close());

const queue = (instanceId: number, layerId: string) =>
  database.transaction((transaction) =>
    enqueue(transaction, systemClock, instanceId, {
      kind: 'INVOICE',
      layerId,
      lane: customerLane(layerId),
      companyId: null,
      customerLayerId: layerId,
      amountMinor: 12_00n,
      currency: 'GBP',
      reference: layerId,
      sageReference: `LG${layerId}`,
      contentHash: 'x',
    }),
  );

test('an instance whose Sage is slow keeps no other waiting', async () => {
  for (let index = 0; index < 6; index += 1) await queue(1, `SLOW${index}`);
  await queue(2, 'QUICK');
  const delivered: string[] = [];
  let letGo: () => void = () => undefined;
  const isLetGo = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const handler: PushHandler = {
    kind: 'INVOICE',
    next: async (push) => {
      if (push.instanceId === 1) await isLetGo;
      delivered.push(push.layerId);
      return { kind: 'DONE' };
    },
    lookUp: async () => [],
  };
  const engine = new PushEngine({
    database,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    handlers: new Map([['INVOICE', handler]]),
    resendAfterMs: 1_000,
    maxLookAgainMs: 1_000,
    isLedgerRead: async () => true,
    onLanded: () => undefined,
    instances: async () => [
      { id: 1, state: 'CONNECTED' },
      { id: 2, state: 'CONNECTED' },
    ],
    pollMs: 20,
    leaseMs: 30_000,
    maxLanes: 4,
  });
  engine.start();
  try {
    await until(() => delivered.includes('QUICK'), 'the push of the other instance', 5_000);
    expect(delivered).toEqual(['QUICK']);
    letGo();
    await until(() => delivered.length === 7, 'the rest');
  } finally {
    letGo();
    await engine.stop();
  }
});
