// The subscribers of bench/subscriptions.ts: a process of their own, with a socket for each.
import { WebSocket } from 'ws';

export interface Subscription {
  query: string;
  variables: Record<string, unknown>;
}

export type ToClients =
  | { do: 'open'; url: string; token: string; subscriptions: Subscription[] }
  /** Answers once so many messages have come since the last. */
  | { do: 'expect'; count: number };
/** When the middle one and the last have come, by the clock that all processes of the machine share. */
export type FromClients = { opened: number } | { middleAt: string; lastAt: string };

/** So many open at once. */
const OPENERS = 50;

let arrivals: bigint[] = [];
let expected = Infinity;

function arrived(): void {
  arrivals.push(process.hrtime.bigint());
  answerWhenComplete();
}

function answerWhenComplete(): void {
  if (arrivals.length < expected) return;
  if (arrivals.length > expected) throw new Error('More has come than anybody wanted.');
  const times = arrivals;
  [arrivals, expected] = [[], Infinity];
  process.send?.({ middleAt: String(times[times.length >> 1]), lastAt: String(times.at(-1)) } satisfies FromClients);
}

function open(url: string, token: string, { query, variables }: Subscription): Promise<void> {
  const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
  socket.on('open', () =>
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })),
  );
  return new Promise((resolve, reject) => {
    socket.on('error', reject).on('close', (code) => {
      throw new Error(`A socket was closed with ${code}.`);
    });
    socket.on('message', (data) => {
      const text = String(data);
      if (text.includes('"connection_ack"')) {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables } }));
        resolve();
      } else if (text.includes('"next"') && !text.includes('"errors"')) arrived();
      else if (!text.includes('"ping"')) throw new Error(text);
    });
  });
}

async function openAll({ url, token, subscriptions }: Extract<ToClients, { do: 'open' }>): Promise<void> {
  let next = 0;
  const opener = async () => {
    for (let index = next++; index < subscriptions.length; index = next++)
      await open(url, token, subscriptions[index] as Subscription);
  };
  await Promise.all(Array.from({ length: OPENERS }, opener));
  process.send?.({ opened: subscriptions.length } satisfies FromClients);
}

process.on('message', (message: ToClients) => {
  if (message.do === 'open') return void openAll(message);
  expected = message.count;
  answerWhenComplete();
});
process.on('disconnect', () => process.exit(0));
