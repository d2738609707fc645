// Thousands of broken requests and frames (FUZZ_REQUESTS; `npm run test:fuzz` sends 100,000), the same for the same FUZZ_SEED:
// whatever comes, the gateway answers with a refusal, says nothing of its insides, and serves the next caller as before.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Pool } from 'undici';
import { Random } from '../../src/sandbox/demo/random.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { socketUrl } from '../support/socket.js';
import { signToken, type TestGateway, until } from '../support/test-gateway.js';
import { INNER_WORKINGS, postQuery, startAttackedGateway } from './attacked-gateway.js';
import { FuzzDocuments } from './fuzz-documents.js';
import { type FuzzRequest, FuzzRequests } from './fuzz-requests.js';
import { fuzzSocket } from './fuzz-sockets.js';
import { metricsOf } from './process-metrics.js';
import { schemaOfSnapshot } from './schema-of-snapshot.js';

const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 3_000);
const SEED = process.env.FUZZ_SEED ?? 'fuzz';
const FRAMES_OF_A_SOCKET = 10;
/** Of all, those that are frames. */
const SHARE_OF_FRAMES = 0.2;
const AT_ONCE = 16;
const MAX_GROWTH_BYTES = 250 * 1_024 * 1_024;
/** Of the protocols; 4500 is our own mistake. */
const CLOSE_CODES = new Set([1000, 1002, 1003, 1006, 1007, 1009, 1013, 4400, 4401, 4403, 4406, 4408, 4409, 4429]);

let gateway: TestGateway;
let served: GatewayProcess;
let token: string;
beforeAll(async () => {
  gateway = await startAttackedGateway({ isPulled: true, sandbox: { customers: 30, transactions: 300 } });
  // a process of its own: one that fell would not take the test with it, and its memory is its own
  served = await GatewayProcess.prepare({ ...gateway.variables, SAGE_REFRESH_TOKEN: '', ROLES: 'api' });
  served.start();
  token = await signToken({ expiresIn: 86_400 });
  await until(() => served.isReady(), 'the gateway to start', 60_000);
}, 120_000);
afterAll(async () => {
  await served.kill();
  await gateway.close();
});

/** Of a good query, the median of twenty. */
async function usualMs(): Promise<number> {
  const took: number[] = [];
  for (let count = 0; count < 20; count += 1) {
    const startedAt = performance.now();
    const { body } = await postQuery(served.url, '{ sageAccounts(first: 20) { nodes { name balance { amount } } } }');
    expect(body.data.sageAccounts.nodes).toHaveLength(20);
    took.push(performance.now() - startedAt);
  }
  return took.toSorted((one, other) => one - other)[10] as number;
}

const faultOf = (text: string) =>
  text.includes('INTERNAL_SERVER_ERROR') ? 'our own mistake' : INNER_WORKINGS.test(text) ? 'insides' : null;

async function sendRequests(pool: Pool, requests: FuzzRequests, count: number): Promise<void> {
  const answer = async ({ method, path, headers, body }: FuzzRequest) => {
    const { statusCode, body: answered } = await pool.request({
      method,
      path,
      headers: { authorization: `Bearer ${token}`, ...headers },
      body,
    });
    const text = await answered.text();
    return statusCode >= 500 ? `HTTP ${statusCode} ${text}` : faultOf(text);
  };
  for (let sent = 0; sent < count; sent += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE }, () => requests.next());
    const faults = await Promise.all(batch.map(answer));
    const at = faults.findIndex((fault) => fault !== null);
    if (at < 0) continue;
    const { method, path, body } = batch[at] as FuzzRequest;
    await until(() => served.logged !== '', 'the log');
    throw new Error(
      `${faults[at]}: ${method} ${path} ${body?.toString().slice(0, 3_000)}\n${served.logged.slice(-3_000)}`,
    );
  }
}

test(
  `${REQUESTS} broken requests: no 5xx, no crash, nothing of the insides`,
  async () => {
    const schema = schemaOfSnapshot();
    const random = new Random(SEED);
    const documents = new FuzzDocuments(random, schema);
    const requests = new FuzzRequests(random, documents);
    const pool = new Pool(new URL(served.url).origin, { connections: AT_ONCE });
    const frames = REQUESTS * SHARE_OF_FRAMES;
    // first a share of all kinds, so that caches are as full as they get
    await sendRequests(pool, requests, REQUESTS * 0.3);
    const before = await metricsOf(served.url);
    const usualBefore = await usualMs();

    for (let sent = 0; sent < frames; sent += FRAMES_OF_A_SOCKET) {
      const fuzzed = { url: socketUrl(served), token, frames: FRAMES_OF_A_SOCKET };
      const { received, closeCode } = await fuzzSocket(random, documents, fuzzed);
      const isOfTheProtocol = CLOSE_CODES.has(closeCode);
      if (!isOfTheProtocol) await until(() => served.logged !== '', 'the log');
      expect([sent, closeCode, isOfTheProtocol, served.logged]).toEqual([sent, closeCode, true, '']);
      expect([sent, received.filter((text) => faultOf(text) !== null)]).toEqual([sent, []]);
    }
    await sendRequests(pool, requests, REQUESTS * (0.7 - SHARE_OF_FRAMES));
    await pool.close();

    const after = await metricsOf(served.url);
    const usualAfter = await usualMs();
    expect(after.startedAt).toBe(before.startedAt);
    expect(usualAfter).toBeLessThan(5 * usualBefore + 20);
    expect(after.residentBytes - before.residentBytes).toBeLessThan(MAX_GROWTH_BYTES);
    if (process.env.FUZZ_REQUESTS) {
      const megabytes = (bytes: number) => (bytes / 1_048_576).toFixed(0);
      console.log(
        `${REQUESTS} requests; a good query took ${usualBefore.toFixed(1)} ms and then ${usualAfter.toFixed(1)} ms;` +
          ` memory ${megabytes(before.residentBytes)} MB and then ${megabytes(after.residentBytes)} MB`,
      );
    }
  },
  60_000 + REQUESTS * 20,
);
