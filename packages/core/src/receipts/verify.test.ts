import { describe, expect, it } from 'vitest';
import {
  cosignatureLine,
  logLine,
  makeReceipt,
  quorumLines,
  type ReceiptPlan,
  testChain,
  testEntry,
  testGenesis,
  testKey,
  unwrap,
} from '../../../../tests/fixtures/builder.ts';
import { smallPoints } from '../../../../tests/vectors/ed25519-edge.ts';
import { portableSuite } from '../crypto/suite.ts';
import { toUtf8 } from '../encoding/utf8.ts';
import { cosignedMessage, makeCosignature } from '../ledger/cosignature.ts';
import type { NoteSignature } from '../ledger/note.ts';
import { quorum } from '../ledger/quorum.ts';
import { makeVerifierKey, TYPE_COSIGNATURE, TYPE_ED25519, type VerifierKey } from '../ledger/vkey.ts';
import { nativeSuite as suite } from '../native/native-suite.ts';
import type { Digest } from '../records/entry.ts';
import { receiptVerifier, type VerifyOptions, verifyReceipt } from './verify.ts';

const { hasher } = suite;
const chain = testChain();
const other = testChain(testGenesis('another'));
const FILE = toUtf8('file');
const sha256 = (bytes: Uint8Array): Digest => ({ alg: 'sha256', hash: hasher.digest(bytes) });
const entries = [1, 2, 3].map(id => testEntry(String(id), id === 2 ? FILE : toUtf8(String(id))));
const honest: ReceiptPlan = { entries, at: 1, before: 2 };
const STRANGER = '11430000006122244L';
const H = new Uint8Array(32);

function verdict(change: Partial<ReceiptPlan> = {}, options: Partial<VerifyOptions> = {}): string {
  const all = { chain, suite, digests: [sha256(FILE)], ...options };
  const receipt = makeReceipt(chain, { ...honest, ...change });
  const read = verifyReceipt(receipt, all);
  // Every verdict of this file also with a memory that has seen the honest receipt, and then this one.
  const remembering = receiptVerifier(all);
  for (const bytes of [makeReceipt(chain, honest), receipt]) remembering(bytes, all.digests);
  expect(remembering(receipt, all.digests)).toEqual(read);
  return read.ok ? 'ok' : read.fault.code;
}

/** The verdict on an honest receipt whose signature lines are changed. */
function lines(
  change: (all: readonly NoteSignature[], text: string) => readonly NoteSignature[],
  options: Partial<VerifyOptions> = {},
): string {
  const signed = (text: string) => change([logLine(chain, 0, text), ...quorumLines(chain, text)], text);
  return verdict({ lines: signed }, options);
}

const broken = (line: NoteSignature): NoteSignature => ({
  ...line,
  signature: line.signature.with(-1, line.signature.at(-1)! ^ 1),
});

describe('an honest receipt', () => {
  it('establishes what it says', () => {
    const verified = unwrap(
      verifyReceipt(makeReceipt(chain, honest), { chain, suite, digests: [sha256(FILE)] }),
    );
    expect(verified).toMatchObject({
      index: 3,
      leaf: { height: 1, i: 1, seq: 4 },
      header: { count: 3 },
      checkpoint: { origin: chain.origin, size: 5, epoch: 0 },
      cosigners: [
        { code: '110000', time: 1_600_000_003 },
        { code: '120000', time: 1_600_000_004 },
        { code: '130000', time: 1_600_000_005 },
      ],
      recordedAt: 1_600_000_002_000,
      existedNoLaterThan: 1_600_000_004_000,
    });
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('verifies on a chain of %d validators, by both suites', n => {
    const small = testChain(testGenesis('small', n));
    for (const at of [0, 1, 2]) {
      const receipt = makeReceipt(small, { ...honest, at });
      for (const by of [suite, portableSuite])
        expect(verifyReceipt(receipt, { chain: small, suite: by, digests: null }).ok).toBe(true);
    }
  });

  it('takes the lower median of times in any order', () => {
    const times = (...seconds: number[]) => {
      const of = testChain(testGenesis('times', 5)); // q = 4
      const signed = (text: string) => [
        logLine(of, 0, text),
        ...seconds.map((time, i) => cosignatureLine(of, i, text, time)),
      ];
      const receipt = makeReceipt(of, { ...honest, lines: signed });
      return unwrap(verifyReceipt(receipt, { chain: of, suite, digests: null })).existedNoLaterThan;
    };
    expect(times(40, 10, 30, 20)).toBe(20_000);
    expect(times(9, 9, 9, 1_000_000)).toBe(9_000);
    expect(times(0, 0, 1_000_000, 1_000_000)).toBe(0);
  });

  it('may have any validators for its quorum and any of them for its log line', () => {
    expect(lines((all, text) => all.with(0, logLine(chain, 3, text)))).toBe('ok');
    expect(lines((all, text) => all.with(3, cosignatureLine(chain, 3, text)))).toBe('ok');
    const last = [1, 2, 3];
    expect(lines((all, text) => [all[0]!, ...last.map(i => cosignatureLine(chain, i, text))])).toBe('ok');
  });
});

describe('a receipt is refused with', () => {
  it('wrong-chain: a header or a checkpoint of another chain', () => {
    expect(verdict({ header: { genesis: other.hash } })).toBe('wrong-chain');
    expect(verdict({}, { chain: other })).toBe('wrong-chain');
    expect(verdict({ checkpoint: { origin: other.origin } })).toBe('wrong-chain');
  });

  it('file-mismatch: another file, another algorithm, or no digest at all', () => {
    expect(verdict({}, { digests: null })).toBe('ok');
    expect(verdict({}, { digests: [{ alg: 'sm3', hash: H }, sha256(FILE)] })).toBe('ok');
    expect(verdict({}, { digests: [sha256(toUtf8('File'))] })).toBe('file-mismatch');
    expect(verdict({}, { digests: [{ alg: 'sm3', hash: sha256(FILE).hash }] })).toBe('file-mismatch');
    expect(verdict({}, { digests: [] })).toBe('file-mismatch');
    const without = entries.with(1, { ...entries[1]!, digest: null });
    expect(verdict({ entries: without })).toBe('file-mismatch');
    expect(verdict({ entries: without }, { digests: null })).toBe('ok');
  });

  it('bad-signature: another signer, other bytes, a key that is none', () => {
    expect(verdict({ publisher: testKey('x'), header: { key: testKey('publisher').publicKey } })).toBe(
      'bad-signature',
    );
    expect(verdict({ extra: { signature: new Uint8Array(64) } })).toBe('bad-signature');
    for (const { canonical } of smallPoints())
      expect(verdict({ header: { key: new Uint8Array(canonical) } })).toBe('bad-signature');
  });

  it('leaf-mismatch: leaf and header that are unreadable or not of each other', () => {
    expect(verdict({ leaf: { publisher: STRANGER } })).toBe('leaf-mismatch');
    expect(verdict({ header: { publisher: STRANGER } })).toBe('leaf-mismatch');
    expect(verdict({ leaf: { submission: H } })).toBe('leaf-mismatch');
    expect(verdict({ extra: { leaf: toUtf8('leaf') } })).toBe('leaf-mismatch');
    expect(verdict({ extra: { header: toUtf8('header') } })).toBe('leaf-mismatch');
  });

  it('entry-mismatch: an entry that is not under the signed root', () => {
    expect(verdict({ header: { root: H } })).toBe('entry-mismatch');
    expect(verdict({ header: { count: 1 } })).toBe('entry-mismatch');
    expect(verdict({ leaf: { i: 0 } })).toBe('entry-mismatch');
    expect(verdict({ leaf: { i: 3 } })).toBe('entry-mismatch');
    expect(verdict({ extra: { path: [] } })).toBe('entry-mismatch');
    expect(verdict({ extra: { path: [H, H] } })).toBe('entry-mismatch');
  });

  it('root-mismatch and bad-path-length: a leaf that is not under the log root', () => {
    expect(verdict({ checkpoint: { root: H } })).toBe('root-mismatch');
    expect(verdict({ outer: { index: 2 } })).toBe('root-mismatch');
    expect(verdict({ outer: { index: 5 } })).toBe('bad-leaf-index');
    expect(verdict({ outer: { path: [H, H, H] } })).toBe('root-mismatch');
    expect(verdict({ outer: { path: [] } })).toBe('bad-path-length');
    expect(verdict({ checkpoint: { size: 3 } })).toBe('bad-leaf-index');
  });

  it('wrong-height: a record of a later block than the checkpoint', () => {
    expect(verdict({ checkpoint: { height: 0 } })).toBe('wrong-height');
    expect(verdict({ leaf: { height: 2 } })).toBe('wrong-height');
    expect(verdict({ leaf: { height: 2 }, checkpoint: { height: 2 } })).toBe('ok');
    expect(verdict({ checkpoint: { height: 9 } })).toBe('ok');
  });

  it('wrong-epoch: another epoch than the one the genesis vouches for', () => {
    expect(verdict({ checkpoint: { epoch: 1 } })).toBe('wrong-epoch');
    expect(verdict({ extra: { handovers: [] } })).toBe('wrong-epoch');
  });

  it('unknown-opening and opening-mismatch: salts for a record in the open', () => {
    const opening = (place: string) => new Map([[place, { salt: H, value: Uint8Array.of(0xf6) }]]);
    expect(verdict({ extra: { opening: opening('title') } })).toBe('unknown-opening');
    expect(verdict({ extra: { opening: opening('digest') } })).toBe('opening-mismatch');
  });

  it('bad-log-line: none, not the first, or not by a log key', () => {
    expect(lines(all => all.slice(1))).toBe('bad-log-line');
    expect(lines(all => [...all.slice(1), all[0]!])).toBe('bad-log-line');
    expect(lines(all => all.with(0, broken(all[0]!)))).toBe('bad-log-line');
    expect(lines((all, text) => all.with(0, logLine(chain, 0, `${text}x\n`)))).toBe('bad-log-line');
    expect(lines((all, text) => all.with(0, logLine(other, 0, text)))).toBe('bad-log-line');
    expect(lines((all, text) => all.with(0, { ...logLine(chain, 0, text), keyId: 0 }))).toBe('bad-log-line');
    expect(lines(all => all.with(0, { ...all[0]!, signature: Uint8Array.of(1) }))).toBe('bad-log-line');
  });

  it('bad-cosignature: a validator’s line that does not verify', () => {
    for (const i of [1, 2, 3]) expect(lines(all => all.with(i, broken(all[i]!)))).toBe('bad-cosignature');
    expect(lines((all, text) => all.with(2, cosignatureLine(chain, 1, `${text}x\n`)))).toBe(
      'bad-cosignature',
    );
    expect(lines(all => all.with(1, { ...all[1]!, signature: all[1]!.signature.slice(8) }))).toBe(
      'bad-cosignature',
    );
    expect(lines(all => all.with(1, { ...all[1]!, signature: all[1]!.signature.with(7, 9) }))).toBe(
      'bad-cosignature',
    );
    expect(lines(all => all.with(1, { ...all[1]!, signature: all[1]!.signature.with(0, 255) }))).toBe(
      'bad-cosignature',
    );
  });

  it('no-quorum: fewer or more than q cosignatures', () => {
    const q = quorum(4);
    for (const count of [0, 1, q - 1, q + 1])
      expect(lines((all, text) => [all[0]!, ...quorumLines(chain, text, count)])).toBe('no-quorum');
  });

  it('unknown-line: the same signer twice, lines out of order, a line of nobody', () => {
    expect(lines(all => all.with(2, all[1]!))).toBe('unknown-line');
    expect(lines((all, text) => all.with(2, cosignatureLine(chain, 0, text, 5)))).toBe('unknown-line');
    expect(lines(all => [all[0]!, all[2]!, all[1]!, all[3]!])).toBe('unknown-line');
    expect(lines(all => [all[0]!, ...all])).toBe('unknown-line');
    expect(lines((all, text) => [...all, logLine(chain, 1, text)])).toBe('unknown-line');
    expect(lines((all, text) => all.with(3, cosignatureLine(other, 2, text)))).toBe('unknown-line');
    expect(lines(all => [...all, { name: 'nobody', keyId: 1, signature: H }])).toBe('unknown-line');
    expect(lines(all => all.with(1, { ...all[1]!, name: all[2]!.name }))).toBe('unknown-line');
  });

  it('what the parsers say of a text that is no receipt', () => {
    expect(verifyReceipt(toUtf8('x'), { chain, suite, digests: null })).toMatchObject({
      ok: false,
      fault: { code: 'proof-header' },
    });
  });
});

describe('a witness’s line', () => {
  const witness = testKey('witness');
  const name = 'witness.example/w';
  const vkey = makeVerifierKey(name, TYPE_COSIGNATURE, witness.publicKey, hasher);
  const line = (text: string, time = 9) =>
    makeCosignature(name, witness.publicKey, time, witness.sign(cosignedMessage(text, time)), hasher);
  const witnesses = [vkey];

  it('is taken anywhere, and only from a witness that was named', () => {
    expect(lines((all, text) => [...all, line(text)])).toBe('unknown-line');
    expect(lines((all, text) => [...all, line(text)], { witnesses })).toBe('ok');
    expect(lines((all, text) => [line(text), ...all], { witnesses })).toBe('ok');
    expect(lines((all, text) => all.toSpliced(2, 0, line(text)), { witnesses })).toBe('ok');
    expect(lines(all => all, { witnesses })).toBe('ok');
    const plain = makeVerifierKey(name, TYPE_ED25519, witness.publicKey, hasher);
    const note = (text: string) => ({ name, keyId: plain.keyId, signature: witness.sign(toUtf8(text)) });
    expect(lines((all, text) => [...all, note(text)], { witnesses: [plain] })).toBe('ok');
    expect(lines((all, text) => [...all, note(text)], { witnesses })).toBe('unknown-line');
  });

  it('counts for nothing in the quorum and not as the log line', () => {
    const q = quorum(4);
    expect(lines((all, text) => [...all.slice(0, q), line(text)], { witnesses })).toBe('no-quorum');
    expect(lines((all, text) => [line(text), ...all.slice(1)], { witnesses })).toBe('bad-log-line');
    expect(lines((_, text) => [line(text)], { witnesses })).toBe('bad-log-line');
  });

  it('must verify', () => {
    expect(lines((all, text) => [...all, broken(line(text))], { witnesses })).toBe('bad-cosignature');
    expect(lines((all, text) => [...all, line(`${text}x\n`)], { witnesses })).toBe('bad-cosignature');
  });

  it('takes no line away from the consortium, whatever keys are named as witnesses', () => {
    const names: VerifierKey[] = chain.validators.flatMap(({ code, key, logKey }) => [
      makeVerifierKey(chain.origin, TYPE_ED25519, logKey, hasher),
      makeVerifierKey(`${chain.origin}/${code}`, TYPE_COSIGNATURE, key, hasher),
    ]);
    expect(lines(all => all, { witnesses: names })).toBe('ok');
    expect(lines((all, text) => [...all, cosignatureLine(chain, 3, text)], { witnesses: names })).toBe(
      'no-quorum',
    );
  });
});
