// The flood of bench/socket-flood.ts: so many sockets of one caller at once; each that is turned away comes again a second later.
import { WebSocket } from 'ws';

export interface ToFlood {
  url: string;
  token: string;
  sockets: number;
}
export interface FromFlood {
  opened: number;
  admitted: number;
  turnedAway: number;
}

const AGAIN_MS = 1_000;
const counts: FromFlood = { opened: 0, admitted: 0, turnedAway: 0 };
const open = new Set<WebSocket>();

function flood({ url, token }: ToFlood): void {
  const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
  open.add(socket);
  socket.on('error', () => undefined);
  socket.on('open', () => {
    counts.opened += 1;
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
  });
  socket.on('message', (data) => {
    if (String(data).includes('"connection_ack"')) counts.admitted += 1;
  });
  socket.on('close', () => {
    counts.turnedAway += 1;
    open.delete(socket);
    setTimeout(() => flood({ url, token, sockets: 1 }), AGAIN_MS);
  });
}

process.on('message', (message: ToFlood | { stop: true }) => {
  if ('stop' in message) return void process.send?.(counts);
  for (let index = 0; index < message.sockets; index += 1) flood(message);
});
process.on('disconnect', () => process.exit(0));
