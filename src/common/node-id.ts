import { Buffer } from 'node:buffer';

/**
 * The opaque, stable id of a node: its type and its natural key inside the instance. The instance is no part of it:
 * it comes from the caller's token, so an id of another instance can only ever name a row of one's own, or none.
 * That alone would let the same id name different rows in two instances, so the instance's id is mixed in and compared.
 */
export interface NodeKey {
  type: string;
  key: string[];
}

export function encodeNodeId(instanceId: number, type: string, ...key: (string | number)[]): string {
  return Buffer.from(JSON.stringify([type, instanceId, ...key.map(String)])).toString('base64url');
}

/** Null for what is no id, and for an id of another instance: the two must not be told apart. */
export function decodeNodeId(instanceId: number, id: string): NodeKey | null {
  const read = readNodeId(id);
  return read?.instance === instanceId ? { type: read.type, key: read.key } : null;
}

/** Whether it has the form of an id of this type, whosever: what names nothing may be waited for, what is no id is a mistake. */
export const isNodeIdOf = (type: string, id: string): boolean => readNodeId(id)?.type === type;

function readNodeId(id: string): (NodeKey & { instance: unknown }) | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(id, 'base64url').toString('utf8'));
    if (!Array.isArray(parts) || parts.length < 3) return null;
    const [type, instance, ...key] = parts as unknown[];
    if (typeof type !== 'string') return null;
    if (!key.every((part): part is string => typeof part === 'string')) return null;
    return { type, instance, key };
  } catch {
    return null;
  }
}

/** The key of an id that must be of one type, or null. */
export function decodeNodeIdOf(instanceId: number, type: string, id: string): string[] | null {
  const node = decodeNodeId(instanceId, id);
  return node?.type === type ? node.key : null;
}
