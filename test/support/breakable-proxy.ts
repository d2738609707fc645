import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy before a server, which can be cut and mended: how a server looks that goes away and comes back. */
export interface BreakableProxy {
  port: number;
  /** Drops every connection and refuses new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Takes connections and bytes, and lets no answer through. */
  freeze(): void;
}

export async function startProxy(host: string, targetPort: number): Promise<BreakableProxy> {
  const sockets = new Set<Socket>();
  let server: Server;
  let isFrozen = false;
  const listen = (port: number) =>
    new Promise<void>((resolve) => {
      server = createServer((client) => {
        const upstream = connect(targetPort, host);
        for (const socket of [client, upstream]) {
          sockets.add(socket);
          socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
        }
        client.on('data', (data) => upstream.write(data)).on('close', () => upstream.destroy());
        upstream.on('data', (data) => isFrozen || client.write(data)).on('close', () => client.destroy());
      }).listen(port, '127.0.0.1', resolve);
    });
  const cut = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const { port } = server!.address() as { port: number };
  return {
    port,
    cut,
    mend: () => {
      isFrozen = false;
      return listen(port);
    },
    freeze: () => {
      isFrozen = true;
    },
  };
}
