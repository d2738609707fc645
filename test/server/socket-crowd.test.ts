import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { rawSocket, type RawSocket } from '../support/socket.js';
import { signToken, startTestGateway, type TestGateway, until } from '../support/test-gateway.js';

const LIMITS = { maxOfOneCaller: 5, maxStrangers: 10, maxSockets: 30 };
let gateway: TestGateway;
const opened: RawSocket[] = [];
beforeAll(async () => {
  gateway = await startTestGateway({ isPulled: false, socketLimits: LIMITS });
});
afterEach(async () => {
  for (const { socket } of opened) socket.terminate();
  const ended = opened.splice(0).map(({ socket }) => socket);
  await until(() => ended.every(({ readyState }) => readyState === 3), 'the sockets to close');
});
afterAll(() => gateway.close());

async function open(): Promise<RawSocket> {
  const socket = await rawSocket(gateway);
  opened.push(socket);
  return socket;
}

async function openAs(subject: string, instance = 'default'): Promise<RawSocket> {
  const socket = await open();
  const token = await signToken({ subject, instance });
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  return socket;
}

test('a caller has so many sockets and not one more; another caller is let in; one that is closed makes room', async () => {
  const sockets: RawSocket[] = [];
  for (let index = 0; index < LIMITS.maxOfOneCaller; index += 1) sockets.push(await openAs('crowd'));
  for (const socket of sockets) await socket.untilMessage('connection_ack');
  const refused = await openAs('crowd');
  expect(await refused.closeCode()).toBe(1013);
  expect(refused.messages).toEqual([]);
  await (await openAs('alone')).untilMessage('connection_ack');

  sockets[0]?.socket.close(1000);
  await sockets[0]?.closeCode();
  await until(async () => {
    const again = await openAs('crowd');
    await until(() => again.messages.length > 0 || again.socket.readyState === 3, 'an answer');
    return again.messages[0]?.type === 'connection_ack';
  }, 'room for one more');
});

test('strangers who keep silent push out the one of them who has waited longest, and nobody else', async () => {
  const known = await openAs('known');
  await known.untilMessage('connection_ack');
  const silent: RawSocket[] = [];
  for (let index = 0; index < LIMITS.maxStrangers + 2; index += 1) silent.push(await open());
  expect(await silent[0]?.closeCode()).toBe(1013);
  expect(await silent[1]?.closeCode()).toBe(1013);
  expect(silent[2]?.socket.readyState).toBe(1);
  await (await openAs('late')).untilMessage('connection_ack');
  expect(known.socket.readyState).toBe(1);
});

test('beyond the sockets that a process carries it opens no more, and says so before any protocol begins', async () => {
  for (let caller = 0; caller < 6; caller += 1)
    for (let index = 0; index < LIMITS.maxOfOneCaller; index += 1)
      await (await openAs(`caller ${caller}`)).untilMessage('connection_ack');
  await expect(open()).rejects.toThrow('HTTP 503');
});

test('whoever has not said who they are sends no large messages', async () => {
  const socket = await open();
  socket.send({ type: 'connection_init', payload: { authorization: 'x'.repeat(20_000) } });
  expect(await socket.closeCode()).toBe(4400);
});
