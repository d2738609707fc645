import { Buffer } from 'node:buffer';
import { WebSocket } from 'ws';
import type { Random } from '../../src/sandbox/demo/random.js';
import type { FuzzDocuments } from './fuzz-documents.js';

export interface SocketFuzz {
  url: string;
  token: string;
  /** Frames to be sent, in whatever order comes out. */
  frames: number;
}

export interface SocketOutcome {
  received: string[];
  closeCode: number;
}

const TYPES = [
  'connection_init',
  'subscribe',
  'complete',
  'ping',
  'pong',
  'next',
  'error',
  'connection_ack',
  '',
  'start',
  'stop',
];

/** One socket with frames that are wrong in themselves, or come in the wrong order; ended by whoever has enough first. */
export async function fuzzSocket(
  random: Random,
  documents: FuzzDocuments,
  { url, token, frames }: SocketFuzz,
): Promise<SocketOutcome> {
  const protocol = random.chance(0.95) ? 'graphql-transport-ws' : random.pick(['graphql-ws', 'x']);
  const socket = new WebSocket(url, protocol);
  const outcome: SocketOutcome = { received: [], closeCode: 0 };
  socket.on('message', (data) => outcome.received.push(String(data)));
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) =>
    socket.once('close', (code) => {
      outcome.closeCode = code;
      resolve();
    }),
  );
  const opened = new Promise<void>((resolve) => socket.once('open', resolve));
  await Promise.race([opened, closed]);
  const isAdmitted = random.chance(0.9);
  if (isAdmitted)
    send(socket, JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
  // all of them are drawn, sent or not, so that the next socket is the same whenever this one ends
  for (const frame of Array.from({ length: frames }, () => frameOf(random, documents))) frame(socket);
  send(socket, JSON.stringify({ id: 'last', type: 'subscribe', payload: { query: '{ viewer { subject } }' } }));
  const answered = new Promise<void>((resolve) => {
    socket.on('message', (data) => String(data).includes('"last"') && resolve());
  });
  await Promise.race([answered, closed, new Promise((resolve) => setTimeout(resolve, 5_000).unref())]);
  socket.terminate();
  await closed;
  return outcome;
}

function frameOf(random: Random, documents: FuzzDocuments): (socket: WebSocket) => void {
  const message = JSON.stringify(messageOf(random, documents)) ?? '';
  const at = random.integer(0, message.length);
  return random.pick([
    ...Array.from({ length: 20 }, () => (socket: WebSocket) => send(socket, message)),
    (socket) => send(socket, message.slice(0, at)),
    (socket) => send(socket, Buffer.from(message)),
    (socket) => send(socket, Buffer.from([0xff, 0xfe, at % 256])),
    (socket) => send(socket, ''),
    (socket) => {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(message.slice(0, at), { fin: false });
      socket.send(message.slice(at), { fin: true });
    },
    (socket) => send(socket, `{"type":"ping","payload":"${'x'.repeat(1_100_000)}"}`),
    (socket) => socket.readyState === socket.OPEN && socket.ping('x'.repeat(100)),
    (socket) => socket.readyState === socket.OPEN && socket.pong(),
  ] as const);
}

function messageOf(random: Random, documents: FuzzDocuments): unknown {
  if (random.chance(0.03)) return documents.oddValue();
  const { query, variables } = documents.next();
  const message: Record<string, unknown> = {
    id: String(random.integer(1, 30)),
    type: random.chance(0.9) ? 'subscribe' : random.pick(TYPES),
    payload: { query, variables },
  };
  if (random.chance(0.02)) message.id = documents.oddValue();
  if (random.chance(0.02)) message.payload = documents.oddValue();
  if (random.chance(0.02))
    message.payload = { query, variables, operationName: documents.oddValue(), extensions: documents.oddValue() };
  return message;
}

function send(socket: WebSocket, data: string | Buffer): void {
  if (socket.readyState === socket.OPEN) socket.send(data);
}
