// `npm run sandbox`: the Sage 200 sandbox as a program of its own.
import { readSandboxSettings } from './sandbox-settings.js';
import { startSandbox, type Sandbox } from './sandbox.js';

async function main(): Promise<void> {
  let sandbox: Sandbox;
  try {
    const settings = readSandboxSettings(process.env);
    sandbox = await startSandbox(settings).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        throw new Error(
          `Port ${settings.port} is in use, perhaps by a gateway that runs already. Stop that one, or set SANDBOX_PORT to another one`,
        );
      throw error;
    });
  } catch (error) {
    process.stderr.write(`Sandbox: ${(error as Error).message}\n`);
    process.exitCode = 1;
    if (process.connected) process.disconnect();
    return;
  }
  const { url, apiUrl, authUrl } = sandbox;
  const { seed, anchorDate } = sandbox.control.status();
  process.stdout.write(
    `${JSON.stringify({ message: 'Sage 200 sandbox is ready', url, apiUrl, authUrl, seed, anchorDate })}\n`,
  );
  process.send?.({ ready: true, url });
  const end = (): void => {
    void sandbox.close().then(() => process.exit(0));
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end);
  // A sandbox that was forked does not outlive its parent.
  process.once('disconnect', end);
}

await main();
