import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portableHasher } from '../crypto/hasher.ts';
import { u64 } from '../encoding/bytes.ts';
import { fromUtf8, toUtf8 } from '../encoding/utf8.ts';
import {
  cosignedMessage,
  cosignerName,
  MAX_COSIGNATURE_TIME,
  makeCosignature,
  parseCosignature,
  verifyCosignature,
} from './cosignature.ts';
import { formatSignatureLine, parseNote, parseSignatureLine } from './note.ts';
import { codeOf, keyPair, nodeVerifier, unwrap, vectors } from './testing/c2sp-vectors.ts';
import { makeVerifierKey, parseVerifierKey, TYPE_COSIGNATURE, TYPE_ED25519 } from './vkey.ts';

const TEXT = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const pair = keyPair(new Uint8Array(32).fill(7));
const vkey = makeVerifierKey('example.com/w', TYPE_COSIGNATURE, pair.publicKey, portableHasher);
const cosign = (text: string, time: number) =>
  makeCosignature(vkey.name, vkey.key, time, pair.sign(cosignedMessage(text, time)), portableHasher);

describe('timestamped checkpoint cosignatures', () => {
  it('signs the message of the specification', () => {
    expect(unwrap(fromUtf8(cosignedMessage(TEXT, 1679315147)))).toBe(
      `cosignature/v1\ntime 1679315147\n${TEXT}`,
    );
  });

  it.each(vectors.cosignatures)('reads: $name', ({ line, time, text, vkey }) => {
    const signature = unwrap(parseSignatureLine(line));
    expect(unwrap(parseCosignature(signature)).time).toBe(time);
    expect(formatSignatureLine(signature)).toBe(`${line}\n`);
    if (text === null || vkey === null) return;
    const key = unwrap(parseVerifierKey(vkey, portableHasher));
    expect(unwrap(verifyCosignature(text, signature, key, nodeVerifier)).time).toBe(time);
    const { signature: raw } = unwrap(parseCosignature(signature));
    expect(makeCosignature(key.name, key.key, time, raw, portableHasher)).toEqual(signature);
  });

  it.each(vectors.badCosignatures)('refuses $name', ({ line, code }) => {
    expect(codeOf(parseCosignature(unwrap(parseSignatureLine(line))))).toBe(code);
  });

  it('verifies four witnesses of a log in the field', () => {
    const { note, witnesses, time } = vectors.witnessed;
    const { text, signatures } = unwrap(parseNote(toUtf8(note)));
    for (const witness of Object.values(witnesses)) {
      const key = unwrap(parseVerifierKey(witness, portableHasher));
      const line = signatures.find(({ name }) => name === key.name)!;
      expect(unwrap(verifyCosignature(text, line, key, nodeVerifier)).time).toBe(time);
    }
  });

  it('refuses another text, time, name, id, type and key', () => {
    const line = cosign(TEXT, 1000);
    const verdict = (text: string, changed: object, key = vkey) =>
      codeOf(verifyCosignature(text, { ...line, ...changed }, key, nodeVerifier));
    const later = new Uint8Array([...u64(1001), ...line.signature.slice(8)]);
    const other = makeVerifierKey(vkey.name, TYPE_ED25519, vkey.key, portableHasher);
    const stranger = { ...vkey, key: keyPair(new Uint8Array(32).fill(8)).publicKey };
    expect(verdict(TEXT, {})).toBe('accepted');
    expect(verdict(`${TEXT}x\n`, {})).toBe('cosignature-invalid');
    expect(verdict(TEXT, { signature: later })).toBe('cosignature-invalid');
    expect(verdict(TEXT, {}, stranger)).toBe('cosignature-invalid');
    expect(verdict(TEXT, { name: 'example.com/v' })).toBe('cosignature-wrong-key');
    expect(verdict(TEXT, { keyId: 1 })).toBe('cosignature-wrong-key');
    expect(verdict(TEXT, { keyId: other.keyId }, other)).toBe('cosignature-wrong-key');
    expect(verdict(TEXT, { signature: line.signature.slice(1) })).toBe('cosignature-length');
  });

  it('refuses a time after the year 9999 on both sides', () => {
    expect(MAX_COSIGNATURE_TIME).toBe(Date.parse('9999-12-31T23:59:59Z') / 1000);
    const max = new Uint8Array(72);
    const write = (value: bigint) => new DataView(max.buffer).setBigUint64(0, value);
    const parse = () => parseCosignature({ name: 'a', keyId: 0, signature: max });
    write(253_402_300_799n);
    expect(unwrap(parse()).time).toBe(MAX_COSIGNATURE_TIME);
    for (const value of [
      253_402_300_800n,
      2n ** 53n - 1n,
      2n ** 53n,
      2n ** 53n + 1n,
      2n ** 63n,
      2n ** 64n - 1n,
    ]) {
      write(value);
      expect(codeOf(parse())).toBe('cosignature-time');
    }
    for (const time of [-1, 0.5, MAX_COSIGNATURE_TIME + 1, 2 ** 53, Number.NaN])
      expect(() => cosignedMessage(TEXT, time)).toThrow('invariant');
  });

  it('names members under the origin', () => {
    expect(cosignerName('example.org/0123', '110000')).toBe('example.org/0123/110000');
  });

  it('property: what is cosigned verifies, with its time', () => {
    fc.assert(
      fc.property(fc.nat({ max: MAX_COSIGNATURE_TIME }), fc.stringMatching(/^[a-z]{1,20}$/), (time, word) => {
        const text = `${TEXT}${word}\n`;
        const line = unwrap(parseSignatureLine(formatSignatureLine(cosign(text, time)).slice(0, -1)));
        expect(unwrap(verifyCosignature(text, line, vkey, nodeVerifier)).time).toBe(time);
      }),
    );
  });
});
