import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portableHasher } from '../crypto/hasher.ts';
import { fromUtf8, toUtf8 } from '../encoding/utf8.ts';
import { parseNote } from './note.ts';
import {
  bytes32,
  codeOf,
  keyNames,
  keyPair,
  mutated,
  nodeVerifier,
  unwrap,
  vectors,
} from './testing/c2sp-vectors.ts';
import {
  formatVerifierKey,
  isBy,
  makeVerifierKey,
  parseVerifierKey,
  TYPE_COSIGNATURE,
  TYPE_ED25519,
  verifyNoteSignature,
} from './vkey.ts';

const parse = (text: string) => parseVerifierKey(text, portableHasher);

describe('verifier keys', () => {
  it.each(vectors.vkeys)('reads $vkey', ({ vkey, type }) => {
    const parsed = unwrap(parse(vkey));
    expect(parsed.type).toBe(type);
    expect(formatVerifierKey(parsed)).toBe(vkey);
  });

  it.each(vectors.badVkeys)('refuses $name', ({ vkey, code }) => {
    expect(codeOf(parse(vkey))).toBe(code);
  });

  it('refuses every proper substring and every one-character increment (golang/mod does the same)', () => {
    const good = vectors.vkeys[0]!.vkey;
    for (let i = 0; i <= good.length; i++)
      for (let j = i + 1; j <= good.length; j++)
        if (i !== 0 || j !== good.length) expect(parse(good.slice(i, j)).ok).toBe(false);
    for (let i = 0; i < good.length; i++) {
      const next = String.fromCharCode(good.charCodeAt(i) + 1);
      expect(parse(good.slice(0, i) + next + good.slice(i + 1)).ok).toBe(false);
    }
  });

  it('refuses an upper-case id, white space and a missing name', () => {
    const good = vectors.vkeys[0]!.vkey;
    const wrong = [good.replace('530d903a', '530D903A'), ` ${good}`, `${good} `, `${good}\n`];
    for (const text of [...wrong, good.replace('example.com/foo', ''), '++', ''])
      expect(codeOf(parse(text))).toBe('bad-vkey');
  });

  it('property: what is made is read back the same', () => {
    fc.assert(
      fc.property(keyNames, fc.constantFrom(TYPE_ED25519, TYPE_COSIGNATURE), bytes32, (name, type, key) => {
        const vkey = makeVerifierKey(name, type, key, portableHasher);
        expect(unwrap(parse(formatVerifierKey(vkey)))).toEqual(vkey);
      }),
    );
  });

  it('fuzz: random edits of a key never throw and never give another key', () => {
    const good = vectors.vkeys[0]!.vkey;
    fc.assert(
      fc.property(mutated(toUtf8(good)), edited => {
        const text = fromUtf8(edited);
        if (text.ok && parse(text.value).ok) expect(text.value).toBe(good);
      }),
      { numRuns: 500 },
    );
  });
});

describe('plain Ed25519 note signatures', () => {
  it.each(vectors.notes.filter(({ vkeys }) => vkeys.length > 0))('verifies: $name', ({ note, vkeys }) => {
    const { text, signatures } = unwrap(parseNote(toUtf8(note)));
    expect(signatures.length).toBe(vkeys.length);
    for (const [i, signature] of signatures.entries()) {
      const vkey = unwrap(parse(vkeys[i]!));
      expect(verifyNoteSignature(text, signature, vkey, nodeVerifier)).toBe(true);
      expect(verifyNoteSignature(`${text}\n`, signature, vkey, nodeVerifier)).toBe(false);
      const flipped = { ...signature, signature: signature.signature.map((b, at) => (at === 9 ? b ^ 1 : b)) };
      expect(verifyNoteSignature(text, flipped, vkey, nodeVerifier)).toBe(false);
    }
  });

  it('the signatures of the specification whose key is not published have a known shape', () => {
    const ids = vectors.notes
      .filter(({ vkeys }) => vkeys.length === 0)
      .map(({ note }) => unwrap(parseNote(toUtf8(note))).signatures[0]!);
    expect(ids.map(({ keyId, signature }) => [keyId, signature.length])).toEqual([
      [0x367ba04b, 64],
      [0x033de0ae, 64],
    ]);
  });

  it('rejects a line of another name or id, a cosignature key and a wrong length', () => {
    const pair = keyPair(new Uint8Array(32).fill(3));
    const vkey = makeVerifierKey('a', TYPE_ED25519, pair.publicKey, portableHasher);
    const line = { name: 'a', keyId: vkey.keyId, signature: pair.sign(toUtf8('t\n')) };
    expect(isBy(line, vkey) && verifyNoteSignature('t\n', line, vkey, nodeVerifier)).toBe(true);
    const other = makeVerifierKey('a', TYPE_COSIGNATURE, pair.publicKey, portableHasher);
    const long = new Uint8Array([...line.signature, 0]);
    expect(verifyNoteSignature('t\n', { ...line, name: 'b' }, vkey, nodeVerifier)).toBe(false);
    expect(verifyNoteSignature('t\n', { ...line, keyId: 1 }, vkey, nodeVerifier)).toBe(false);
    expect(verifyNoteSignature('t\n', { ...line, keyId: other.keyId }, other, nodeVerifier)).toBe(false);
    expect(verifyNoteSignature('t\n', { ...line, signature: long }, vkey, nodeVerifier)).toBe(false);
  });
});
