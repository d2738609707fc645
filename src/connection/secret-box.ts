import { Buffer } from 'node:buffer';
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { Random } from '../common/random.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A sealed text cannot be opened. The message says why, and holds nothing of it. */
export class SecretBoxError extends Error {}

/**
 * AES-256-GCM with a fresh nonce for each text. `identity` (which row and column) is bound in as associated data, so a sealed text
 * that was copied to another row does not open. The text names its key: the previous one still opens, the present one seals.
 * Form: v1.<key id>.<nonce>.<ciphertext and tag>, the last two in base64url.
 */
export class SecretBox {
  private readonly current: { id: string; key: Buffer };
  private readonly keys = new Map<string, Buffer>();

  /** Keys are 32 bytes in base64, as ENCRYPTION_KEY and ENCRYPTION_KEY_PREVIOUS. Throws on any other length. */
  constructor(
    key: string,
    private readonly random: Random,
    previousKey?: string,
  ) {
    if (previousKey !== undefined) this.add(previousKey);
    this.current = this.add(key);
  }

  seal(secret: string, identity: string): string {
    const nonce = this.random.bytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.current.key, nonce);
    cipher.setAAD(associatedData(this.current.id, identity));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return ['v1', this.current.id, nonce.toString('base64url'), sealed.toString('base64url')].join('.');
  }

  /** Throws SecretBoxError when the key is not at hand, or the text was changed or belongs to another row. */
  open(text: string, identity: string): string {
    const [version, keyId = '', nonceText = '', sealedText = ''] = text.split('.');
    const key = this.keys.get(keyId);
    if (version !== 'v1' || !key) {
      throw new SecretBoxError(
        'A stored secret was sealed with a key that is not given. Put the key that was in use into ENCRYPTION_KEY or ENCRYPTION_KEY_PREVIOUS.',
      );
    }
    const sealed = Buffer.from(sealedText, 'base64url');
    const nonce = Buffer.from(nonceText, 'base64url');
    try {
      if (sealed.length < TAG_BYTES || nonce.length !== NONCE_BYTES) throw new Error('too short');
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(associatedData(keyId, identity));
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
    } catch {
      throw new SecretBoxError('A stored secret does not open: it was changed, or it was copied from another row.');
    }
  }

  /** Which key a sealed text names; `unknown` is one that is not at hand. */
  keyOf(text: string): 'present' | 'previous' | 'unknown' {
    const [version, keyId = ''] = text.split('.');
    if (version !== 'v1' || !this.keys.has(keyId)) return 'unknown';
    return keyId === this.current.id ? 'present' : 'previous';
  }

  private add(keyText: string): { id: string; key: Buffer } {
    const key = Buffer.from(keyText, 'base64');
    if (key.length !== 32) throw new SecretBoxError('An encryption key must be 32 bytes in base64.');
    const id = createHash('sha256').update(key).digest('hex').slice(0, 8);
    this.keys.set(id, key);
    return { id, key };
  }
}

function associatedData(keyId: string, identity: string): Buffer {
  return Buffer.from(`v1.${keyId}.${identity}`);
}
