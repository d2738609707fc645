import { hash } from 'node:crypto';

const LENGTH = 20;

/**
 * The key by which a posting is found in Sage again: 20 characters for `second_reference`, "LG" and 90 bits of a hash over
 * (instance, kind, layerId). Never random: after a restore from an older backup the same document finds its own posting
 * (reliability.md, "The life of a push"). Capital letters and digits only: SQL Server compares without regard to case.
 */
export function sageReference(instance: string, kind: string, layerId: string): string {
  const digest = BigInt(`0x${hash('sha256', JSON.stringify([instance, kind, layerId]), 'hex')}`);
  return `LG${digest
    .toString(36)
    .toUpperCase()
    .slice(0, LENGTH - 2)}`;
}

/** Whether a text can be one of those keys. */
export const isSageReference = (text: string) => /^LG[0-9A-Z]{18}$/.test(text);
