import { expect, test } from '@jest/globals';
import { systemRandom } from '../../src/common/random.js';
import { SecretBox, SecretBoxError } from '../../src/connection/secret-box.js';

const KEY = Buffer.alloc(32, 1).toString('base64');
const NEXT = Buffer.alloc(32, 2).toString('base64');
const box = new SecretBox(KEY, systemRandom);

test('what was sealed opens, with a fresh nonce each time', () => {
  const texts = ['canary', '', 'Zoë £ \u{1F600}', 'x'.repeat(5_000)];
  for (const text of texts) expect(box.open(box.seal(text, 'row'), 'row')).toBe(text);
  const sealed = Array.from({ length: 200 }, () => box.seal('canary', 'row'));
  expect(new Set(sealed.map((text) => text.split('.')[2])).size).toBe(200);
  expect(sealed.join()).not.toContain('canary');
});

test('a change in any part, or another row, does not open', () => {
  const sealed = box.seal('canary-secret', 'row-1');
  expect(() => box.open(sealed, 'row-2')).toThrow('copied from another row');
  const parts = sealed.split('.');
  for (const part of [2, 3]) {
    const bytes = Buffer.from(parts[part] ?? '', 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      const text = parts.map((old, index) => (index === part ? changed.toString('base64url') : old)).join('.');
      expect(() => box.open(text, 'row-1')).toThrow(SecretBoxError);
    }
  }
  for (const wrong of ['', 'v1', 'v2.a.b.c', 'v1....', `${parts.slice(0, 3).join('.')}.AAAA`]) {
    expect(() => box.open(wrong, 'row-1')).toThrow(SecretBoxError);
  }
});

test('the previous key opens, the present one seals, and a key that is not given is named as the cause', () => {
  const old = box.seal('canary', 'row');
  const rotated = new SecretBox(NEXT, systemRandom, KEY);
  expect(rotated.open(old, 'row')).toBe('canary');
  expect(() => box.open(rotated.seal('canary', 'row'), 'row')).toThrow(/ENCRYPTION_KEY_PREVIOUS/);
  expect(() => new SecretBox(NEXT, systemRandom).open(old, 'row')).toThrow(/ENCRYPTION_KEY_PREVIOUS/);
});

test('a key of another length is refused', () => {
  expect(() => new SecretBox(Buffer.alloc(16).toString('base64'), systemRandom)).toThrow('32 bytes');
});
