import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portableHasher } from '../crypto/hasher.ts';
import { concat, fromHex } from '../encoding/bytes.ts';
import { fromUtf8, toUtf8 } from '../encoding/utf8.ts';
import { formatCheckpoint, parseCheckpoint, parseTreeHead } from '../ledger/checkpoint.ts';
import { cosignedMessage, cosignerName, makeCosignature } from '../ledger/cosignature.ts';
import { formatNote, parseNote } from '../ledger/note.ts';
import { evaluatePolicy, parsePolicy } from '../ledger/policy.ts';
import {
  bytes32,
  codeOf,
  keyPair,
  mutated,
  nodeVerifier,
  ownVectors,
  unwrap,
  vectors,
} from '../ledger/testing/c2sp-vectors.ts';
import { makeVerifierKey, TYPE_ED25519 } from '../ledger/vkey.ts';
import { formatTlogProof, noteLineOf, parseTlogProof } from './tlog-proof.ts';

const sha256 = (...parts: Uint8Array[]) =>
  Uint8Array.from(
    createHash('sha256')
      .update(concat(...parts))
      .digest(),
  );
const HASH = `${'A'.repeat(43)}=`;
const HEAD = 'c2sp.org/tlog-proof@v1\n';
const parse = (text: string) => parseTlogProof(toUtf8(text));

describe('tlog proofs', () => {
  it('reads and verifies a proof that another implementation made', () => {
    const { proof, entry, log, witness } = vectors.proof;
    const parsed = unwrap(parse(proof));
    expect(formatTlogProof(parsed)).toEqual(toUtf8(proof));
    expect([parsed.index, parsed.path.length, parsed.extra]).toEqual([3, 2, null]);
    const note = unwrap(parseNote(parsed.note));
    const policy = `log ${log}\nwitness w1 ${witness}\nquorum w1\n`;
    const verdict = evaluatePolicy(
      note,
      unwrap(parsePolicy(toUtf8(policy), portableHasher, nodeVerifier)),
      nodeVerifier,
    );
    expect(unwrap(verdict)).toMatchObject({ satisfied: true, unknown: [] });
    const leaf = sha256(Uint8Array.of(0), toUtf8(entry));
    const root = parsed.path.reduce((hash, sibling) => sha256(Uint8Array.of(1), sibling, hash), leaf);
    expect(root).toEqual(unwrap(parseTreeHead(note.text)).root);
  });

  it('reads the head of the example in the specification, apart from its abridged signatures', () => {
    const text = `${HEAD}extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6kYXJ3aW4tYXJ
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=
RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=
AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=

example.com/fancylog
109482
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=
`;
    const proof = unwrap(parse(text));
    expect([proof.index, proof.path.length, proof.extra?.length, noteLineOf(proof)]).toEqual([
      73894, 5, 39, 10,
    ]);
    expect(unwrap(parseTreeHead(unwrap(fromUtf8(proof.note)))).size).toBe(109482);
    expect(formatTlogProof(proof)).toEqual(toUtf8(text));
  });

  it.each(vectors.badProofs)('refuses what others refuse: $name', ({ proof, code }) => {
    expect(codeOf(parse(proof))).toBe(code);
  });

  it.each([
    ['nothing', '', 'proof-header', 1],
    ['a header without a newline', HEAD.trimEnd(), 'proof-header', 1],
    ['another version', 'c2sp.org/tlog-proof@v2\nindex 0\n\nn\n', 'proof-header', 1],
    ['a carriage return', `c2sp.org/tlog-proof@v1\r\nindex 0\n\nn\n`, 'proof-header', 1],
    ['a byte order mark', `\ufeff${HEAD}index 0\n\nn\n`, 'proof-header', 1],
    ['a space after the header', 'c2sp.org/tlog-proof@v1 \nindex 0\n\nn\n', 'proof-header', 1],
    ['a header alone', HEAD, 'proof-truncated', 2],
    ['an empty extra line', `${HEAD}extra \nindex 0\n\nn\n`, 'proof-extra', 2],
    ['an extra line without a space', `${HEAD}extra\nindex 0\n\nn\n`, 'proof-index', 2],
    ['two spaces before the extra data', `${HEAD}extra  AAAA\nindex 0\n\nn\n`, 'proof-extra', 2],
    ['stray bits in the extra data', `${HEAD}extra AAB=\nindex 0\n\nn\n`, 'proof-extra', 2],
    ['two extra lines', `${HEAD}extra AAAA\nextra AAAA\nindex 0\n\nn\n`, 'proof-index', 3],
    ['extra data after the index', `${HEAD}index 0\nextra AAAA\n\nn\n`, 'proof-path', 3],
    ['extra data and no more', `${HEAD}extra AAAA\n`, 'proof-truncated', 3],
    ['a leading zero in the index', `${HEAD}index 00\n\nn\n`, 'proof-index', 2],
    ['a plus in the index', `${HEAD}index +1\n\nn\n`, 'proof-index', 2],
    ['a space after the index', `${HEAD}index 1 \n\nn\n`, 'proof-index', 2],
    ['an index beyond 2^53', `${HEAD}index 9007199254740992\n\nn\n`, 'proof-index', 2],
    ['two index lines', `${HEAD}index 1\nindex 1\n\nn\n`, 'proof-path', 3],
    ['a space after a hash', `${HEAD}index 1\n${HASH} \n\nn\n`, 'proof-path', 3],
    ['a short hash', `${HEAD}index 1\n${HASH}\nAAAA\n\nn\n`, 'proof-path', 4],
    ['stray bits in a hash', `${HEAD}index 1\n${HASH.replace('A=', 'B=')}\n\nn\n`, 'proof-path', 3],
    ['64 hashes', `${HEAD}index 1\n${`${HASH}\n`.repeat(64)}\nn\n`, 'proof-path', 66],
    ['no empty line', `${HEAD}index 1\n${HASH}\n`, 'proof-truncated', 4],
    ['no checkpoint', `${HEAD}index 1\n${HASH}\n\n`, 'proof-truncated', 5],
  ])('refuses %s', (_name, text, code, line) => {
    expect(parse(text)).toMatchObject({ fault: { code, detail: expect.stringContaining(`line ${line}: `) } });
  });

  it('refuses bytes that are not UTF-8 in its head, and a proof beyond the bound', () => {
    const head = Uint8Array.from([...toUtf8(`${HEAD}index 1`), 0xff, 0x0a, 0x0a, 0x6e]);
    expect(codeOf(parseTlogProof(head))).toBe('proof-index');
    expect(codeOf(parseTlogProof(toUtf8(`${HEAD}index 1\n\nn\n`), 10))).toBe('proof-too-large');
  });

  it('takes 63 hashes and refuses to write what it would not read', () => {
    const proof = unwrap(parse(`${HEAD}index 1\n${`${HASH}\n`.repeat(63)}\nn\n`));
    expect(proof.path.length).toBe(63);
    for (const wrong of [
      { index: -1 },
      { extra: new Uint8Array() },
      { note: new Uint8Array() },
      { path: [...proof.path, HASH.length] as never },
      { path: [new Uint8Array(31)] },
    ])
      expect(() => formatTlogProof({ ...proof, ...wrong })).toThrow('invariant');
  });

  it('property: what is written is read back the same', () => {
    const proofs = fc.record({
      extra: fc.option(fc.uint8Array({ minLength: 1 })),
      index: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      path: fc.array(bytes32, { maxLength: 63 }),
      note: fc.uint8Array({ minLength: 1 }),
    });
    fc.assert(
      fc.property(proofs, proof => {
        const text = formatTlogProof(proof);
        expect(unwrap(parseTlogProof(text))).toEqual(proof);
        let newlines = noteLineOf(proof) - 1;
        for (let i = 0; i < text.length - proof.note.length; i++) if (text[i] === 0x0a) newlines--;
        expect(newlines).toBe(0);
      }),
    );
  });
});

describe('our own shared proof', () => {
  const { origin, logSeed, witnessSeed, time, policy, proof } = ownVectors;
  const logPair = keyPair(unwrap(fromHex(logSeed)));
  const member = keyPair(unwrap(fromHex(witnessSeed)));
  const bytes = toUtf8(proof);
  const known = unwrap(parsePolicy(toUtf8(policy), portableHasher, nodeVerifier));

  /** Every step of a reader, up to the signatures. */
  const judge = (bytes: Uint8Array) => {
    const parsed = parseTlogProof(bytes);
    if (!parsed.ok) return parsed;
    const note = parseNote(parsed.value.note, { firstLine: noteLineOf(parsed.value) });
    if (!note.ok) return note;
    const checkpoint = parseCheckpoint(note.value.text, noteLineOf(parsed.value));
    if (!checkpoint.ok) return checkpoint;
    return evaluatePolicy(note.value, known, nodeVerifier);
  };

  it('is made again byte for byte from its seeds', () => {
    const hash = (byte: number) => new Uint8Array(32).fill(byte);
    const text = formatCheckpoint({
      origin,
      size: 2,
      root: hash(1),
      height: 1,
      blockHash: hash(2),
      stateRoot: hash(3),
      epoch: 0,
    });
    const { keyId } = makeVerifierKey(origin, TYPE_ED25519, logPair.publicKey, portableHasher);
    const name = cosignerName(origin, '110000');
    const cosignature = member.sign(cosignedMessage(text, time));
    const note = formatNote({
      text,
      signatures: [
        { name: origin, keyId, signature: logPair.sign(toUtf8(text)) },
        makeCosignature(name, member.publicKey, time, cosignature, portableHasher),
      ],
    });
    const made = formatTlogProof({ extra: toUtf8('骑缝'), index: 1, path: [hash(4)], note });
    expect(unwrap(fromUtf8(made))).toBe(proof);
    expect(unwrap(judge(made))).toMatchObject({ satisfied: true, unknown: [], witnesses: [{ time }] });
  });

  it('fuzz: whatever still parses after random edits is written back to the same bytes', () => {
    fc.assert(
      fc.property(mutated(bytes), edited => {
        const parsed = parseTlogProof(edited);
        if (parsed.ok) expect(formatTlogProof(parsed.value)).toEqual(edited);
      }),
      { numRuns: 2000 },
    );
  });

  it('one byte changed in any line of the signed part is found, by the line or by a signature', () => {
    const lines = proof.split('\n');
    const noteAt = lines.slice(0, noteLineOf(unwrap(parseTlogProof(bytes))) - 1).join('\n').length + 1;
    for (let at = toUtf8(proof.slice(0, noteAt)).length; at < bytes.length; at++) {
      const changed = judge(bytes.map((byte, i) => (i === at ? byte ^ 1 : byte)));
      expect(changed.ok && changed.value.satisfied && changed.value.unknown.length === 0).toBe(false);
    }
  });
});
