// Hundreds of hostile documents: each is refused, by both transports alike, before it costs anything worth mentioning.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getOperationAST } from 'graphql';
import type { Caller } from '../../src/auth/caller.js';
import { systemClock } from '../../src/common/clock.js';
import { silentLog } from '../../src/common/log.js';
import { CallerRateLimit } from '../../src/server/caller-rate-limit.js';
import { DocumentGate } from '../../src/server/document-gate.js';
import { KnownDocuments } from '../../src/server/known-documents.js';
import { OperationLimits } from '../../src/server/operation-limits.js';
import { GatewayProcess } from '../support/gateway-process.js';
import type { TestGateway } from '../support/test-gateway.js';
import { until } from '../support/test-gateway.js';
import { AttackSocket, codesOf, postQuery, startAttackedGateway } from './attacked-gateway.js';
import { hostileDocuments } from './hostile-documents.js';
import { metricsOf } from './process-metrics.js';
import { schemaOfSnapshot } from './schema-of-snapshot.js';

const MAX_CPU_MS = 10;
const MAX_BLOCK_MS = 50;
const TRIES = 5;
const CODES = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'QUERY_TOO_COMPLEX', 'BAD_USER_INPUT'];

const COUNT = hostileDocuments('').length;

let gateway: TestGateway;
let served: GatewayProcess;
beforeAll(async () => {
  gateway = await startAttackedGateway();
  // as it is run, so that nothing but the gateway is measured
  served = await GatewayProcess.prepare({ ...gateway.variables, SAGE_REFRESH_TOKEN: '', ROLES: 'api' });
  served.start();
  await until(() => served.isReady(), 'the gateway to start', 60_000);
}, 120_000);
afterAll(async () => {
  await served.kill();
  await gateway.close();
});

test('there are more than two hundred of them, and no two are the same', () => {
  const texts = new Set(hostileDocuments('').map(({ text }) => text));
  expect([COUNT > 200, texts.size]).toEqual([true, COUNT]);
});

test('each is refused in less than 10 ms of processor time, seen for the first time', () => {
  const schema = schemaOfSnapshot();
  const limits = new OperationLimits(schema, new CallerRateLimit({ perSecond: 1e6, burst: 1e6 }, systemClock));
  const gate = new DocumentGate(new KnownDocuments(schema, true), limits, silentLog);
  const caller = { subject: 'attacker', instance: 'default', instanceId: 1 } as Caller;
  const isRefused = (text: string) => {
    try {
      const admitted = gate.admit(text, caller);
      const operation = getOperationAST(admitted.document) ?? null;
      limits.check({ ...admitted, operation, operationName: null, variables: {}, caller });
      return false;
    } catch {
      return true;
    }
  };
  const best = new Map<string, number>();
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    for (const { what, text } of hostileDocuments(`try ${attempt}`)) {
      const before = process.cpuUsage();
      expect([what, isRefused(text)]).toEqual([what, true]);
      const { user, system } = process.cpuUsage(before);
      best.set(what, Math.min(best.get(what) ?? Infinity, (user + system) / 1_000));
    }
  }
  if (process.env.SHOW) console.log([...best].toSorted((a, b) => b[1] - a[1]).slice(0, 25));
  expect([...best].filter(([, cpuMs]) => cpuMs >= MAX_CPU_MS)).toEqual([]);
});

test('a gateway refuses them all over HTTP and over a socket, and is never blocked for 50 ms', async () => {
  const blocks: number[] = [];
  for (let attempt = 0; attempt < TRIES && !(Math.min(...blocks) < MAX_BLOCK_MS); attempt += 1) {
    const socket = await AttackSocket.open(served);
    const before = await metricsOf(served.url);
    for (const { what, text } of hostileDocuments(`served ${attempt}`)) {
      const answer = await postQuery(served.url, text);
      expect([what, answer.status, codesOf(answer).every((code) => CODES.includes(code))]).toEqual([what, 400, true]);
      expect([what, codesOf(answer).length > 0, answer.text.length < 8_000]).toEqual([what, true, true]);
      const { type, payload } = await socket.subscribe(text);
      expect([what, type, payload?.length > 0]).toEqual([what, 'error', true]);
    }
    const after = await metricsOf(served.url);
    socket.close();
    const cpuMs = ((after.cpuSeconds - before.cpuSeconds) * 1_000) / (2 * COUNT);
    expect(cpuMs).toBeLessThan(MAX_CPU_MS);
    blocks.push(after.worstLoopDelayMs);
    console.log(
      `${COUNT} documents twice: ${cpuMs.toFixed(2)} ms of processor time each, worst block ${after.worstLoopDelayMs.toFixed(0)} ms`,
    );
  }
  expect(Math.min(...blocks)).toBeLessThan(MAX_BLOCK_MS);
}, 120_000);
