import { hash } from 'node:crypto';

/** 96 bits over a row as Sage states it: a row whose hash stands in the cache already is not written again. */
export function contentHash(content: unknown): string {
  return hash('sha1', JSON.stringify(content), 'base64').slice(0, 16);
}
