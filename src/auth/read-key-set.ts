import type { JSONWebKeySet } from 'jose';

const TIMEOUT_MS = 5_000;
/** A set of a hundred keys has some 50 kB. */
const MAX_BYTES = 262_144;

/**
 * Reads the keys at a JWKS address: within five seconds, without following a redirect, and no more than 256 kB. Throws with a
 * reason that may be logged.
 */
export async function readKeySet(url: string): Promise<JSONWebKeySet> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  // a redirect could lead to any host at all: whoever runs the gateway names the address that is meant
  const answer = await fetch(url, { redirect: 'manual', headers: { accept: 'application/json' }, signal });
  if (answer.status !== 200) {
    await answer.body?.cancel();
    throw new Error(`The address answered with HTTP ${answer.status}.`);
  }
  const set: unknown = JSON.parse(await textOf(answer));
  if (!isKeySet(set)) throw new Error('The answer is no JSON Web Key Set.');
  return set;
}

async function textOf({ body }: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    // leaving the loop gives up the rest
    if (size > MAX_BYTES) throw new Error(`The answer is larger than ${MAX_BYTES} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  const keys = (value as { keys?: unknown } | null)?.keys;
  return Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null && !Array.isArray(key));
}
