import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A secret of 32 bytes that is made at the first start and kept in a file only its owner reads. For development:
 * in production secrets are configured. Several processes may start at once: the file is put in place whole, by one of them.
 */
export function localSecret(directory: string, name: string): Buffer {
  const path = join(directory, name);
  const existing = readSecret(path);
  if (existing) return existing;
  mkdirSync(directory, { recursive: true });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, randomBytes(32).toString('base64'), { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  const made = readSecret(path);
  if (!made) throw new Error(`${path} is not a secret of 32 bytes in base64. Delete it to have a new one made.`);
  return made;
}

function readSecret(path: string): Buffer | null {
  try {
    const secret = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
    if (secret.length !== 32)
      throw new Error(`${path} is not a secret of 32 bytes in base64. Delete it to have a new one made.`);
    return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
