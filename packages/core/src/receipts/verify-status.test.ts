import { describe, expect, it } from 'vitest';
import {
  cosignatureLine,
  logLine,
  makeReceipt,
  PUBLISHER,
  quorumLines,
  type ReceiptPlan,
  TIME,
  testChain,
  testEntry,
  testGenesis,
  unwrap,
} from '../../../../tests/fixtures/builder.ts';
import {
  publisherValue,
  type StateEntry,
  stateHolding,
  subjectValue,
} from '../../../../tests/fixtures/ledger-state.ts';
import { rememberingVerifier } from '../crypto/remembering-verifier.ts';
import { decode, encode } from '../encoding/codec.ts';
import { toUtf8 } from '../encoding/utf8.ts';
import { nativeSuite as suite } from '../native/native-suite.ts';
import type { Digest } from '../records/entry.ts';
import type { Leaf } from '../records/leaf.ts';
import { digestValueCodec, publisherValueCodec, subjectValueCodec } from '../records/state.ts';
import type { Asked } from './asked.ts';
import { parseReceipt } from './receipt.ts';
import { type StatusProof, statusProofCodec } from './status-proof.ts';
import { verifyReceipt } from './verify.ts';
import { type StatusTrust, verifyRecordStatus, verifyStatusProof } from './verify-status.ts';

const chain = testChain();
const digestOf = (text: string): Digest => ({ alg: 'sha256', hash: suite.hasher.digest(toUtf8(text)) });
const entries = ['甲', '乙'].map(id => testEntry(id, toUtf8(id)));
const subjectOf = (id: string) =>
  ({ kind: 'subject', profile: 'policy', subject: { issuer: PUBLISHER, id } }) as const;
const file = (text: string) => ({ kind: 'digest', ...digestOf(text) }) as const;
const US = { kind: 'publisher', id: PUBLISHER } as const;
const NEW = { kind: 'publisher', id: '11430000006122244L' } as const;

// Record 6 is the fourth of 乙, of our publisher's seven; 乙's file was recorded three times.
const HEAD = 6;
const LEAF: Partial<Leaf> = { version: 4, subjectPrev: 3, seq: 7, publisherPrev: 5 };
const subject = subjectValue({ head: HEAD, version: 4, digest: digestOf('乙') });
const held = {
  subject: { asked: subjectOf('乙'), value: encode(subjectValueCodec, subject) },
  digest: { asked: file('乙'), value: encode(digestValueCodec, { first: 1, last: HEAD, count: 3 }) },
  us: { asked: US, value: encode(publisherValueCodec, publisherValue({ seq: 7, head: HEAD })) },
  idle: { asked: NEW, value: encode(publisherValueCodec, publisherValue({ keys: [new Uint8Array(32)] })) },
};
const crowd: StateEntry[] = Array.from({ length: 40 }, (_, i) => ({
  asked: { kind: 'publisher', id: `crowd ${i}` },
  value: toUtf8(`value ${i}`),
}));

interface Plan {
  /** Values in place of the honest ones. */
  readonly values?: Partial<Record<keyof typeof held, Uint8Array>>;
  readonly receipt?: Partial<ReceiptPlan>;
  /** Changes of the finished proof. */
  readonly proof?: Partial<StatusProof>;
  readonly trust?: Partial<StatusTrust>;
}

/** The proof about something in the state above, with what a test changes. */
function proofOf(asked: Asked, { values = {}, receipt, proof }: Plan = {}): Uint8Array {
  const own = Object.entries(held).map(([name, { asked: of, value }]) => ({
    asked: of,
    value: values[name as keyof typeof held] ?? value,
  }));
  const state = stateHolding([...own, ...crowd]);
  const plan = { entries, at: 1, before: 5, leaf: LEAF, checkpoint: { stateRoot: state.root }, ...receipt };
  const bytes = makeReceipt(chain, plan);
  const { note } = unwrap(parseReceipt(bytes));
  const hasRecord = asked.kind !== 'publisher' || asked.id === PUBLISHER;
  const known = own.some(({ asked: one }) => JSON.stringify(one) === JSON.stringify(asked));
  const made = state.prove(asked, note, known && hasRecord ? bytes : null);
  return encode(statusProofCodec, { ...unwrap(decode(statusProofCodec, made)), ...proof });
}

function verdict(asked: Asked, plan: Plan = {}, askedFor: Asked = asked): string {
  const trust = { chain, suite, fresh: null, ...plan.trust };
  const read = verifyStatusProof(proofOf(asked, plan), askedFor, trust);
  return read.ok ? 'ok' : read.fault.code;
}

/** The suite, with each good signature verified once. */
const remembering = () => ({ ...suite, verifier: rememberingVerifier(suite.verifier) });
const partsOf = (asked: Asked, plan: Plan = {}) => unwrap(decode(statusProofCodec, proofOf(asked, plan)));

describe('an honest status proof', () => {
  it('of a subject establishes its value, its last record and the time of the checkpoint', () => {
    const trust = { chain, suite, fresh: null };
    const status = unwrap(verifyStatusProof(proofOf(subjectOf('乙')), subjectOf('乙'), trust));
    expect(status).toMatchObject({ value: subject, last: { index: HEAD }, validators: 4 });
    // Cosigned 3, 4 and 5 seconds after the genesis.
    expect([status.asOf, status.checkpoint.height, status.cosigners.length]).toEqual([TIME + 4_000, 1, 3]);
  });

  it('of a digest and of a publisher, with records and without', () => {
    const trust = { chain, suite, fresh: null };
    const digest = unwrap(verifyStatusProof(proofOf(file('乙')), file('乙'), trust));
    expect(digest.value).toEqual({ first: 1, last: HEAD, count: 3 });
    expect(unwrap(verifyStatusProof(proofOf(US), US, trust))).toMatchObject({ value: { seq: 7 } });
    const idle = unwrap(verifyStatusProof(proofOf(NEW), NEW, trust));
    expect([idle.value?.seq, idle.last]).toEqual([0, null]);
  });

  it('of absence establishes that there is nothing', () => {
    const trust = { chain, suite, fresh: null };
    for (const asked of [subjectOf('丙'), file('丙'), { kind: 'publisher', id: 'nobody' } as const]) {
      const status = unwrap(verifyStatusProof(proofOf(asked), asked, trust));
      expect([status.value, status.last]).toEqual([null, null]);
    }
  });

  it('is fresh by the verifier’s clock and bound', () => {
    const at = (ms: number, maxAgeMs = 600_000) => ({
      trust: { fresh: { now: TIME + 4_000 + ms, maxAgeMs } },
    });
    const asked = file('丙');
    expect(verdict(asked, at(600_000))).toBe('ok');
    expect(verdict(asked, at(600_001))).toBe('status-stale');
    expect(verdict(asked, at(1_001, 1_000))).toBe('status-stale');
    expect(verdict(asked, at(-60_000))).toBe('ok');
    expect(verdict(asked, at(-60_001))).toBe('status-ahead');
  });
});

describe('a status proof is refused', () => {
  const SUBJECT = subjectOf('乙');
  const receipt = (change: Partial<ReceiptPlan>): Plan => ({ receipt: change });
  const value = (change: Partial<typeof subject>): Plan => ({
    values: { subject: encode(subjectValueCodec, { ...subject, ...change }) },
  });

  it('about another name than was asked', () => {
    expect(verdict(SUBJECT, {}, subjectOf('甲'))).toBe('status-other-name');
    expect(verdict(SUBJECT, {}, { ...SUBJECT, profile: 'note' })).toBe('status-other-name');
    expect(verdict(SUBJECT, {}, { ...SUBJECT, subject: { issuer: NEW.id, id: '乙' } })).toBe(
      'status-other-name',
    );
    expect(verdict(file('乙'), {}, { ...file('乙'), alg: 'sm3' })).toBe('status-other-name');
    expect(verdict(SUBJECT, {}, US)).toBe('status-other-name');
    // The name is changed as well: then the proof does not lead to the root, or not on the key's path.
    for (const asked of [subjectOf('甲'), file('乙'), US, NEW]) {
      const { kind, name } = partsOf(asked);
      expect(verdict(SUBJECT, { proof: { kind, name } }, asked)).toMatch(/^status-root-mismatch|^map-/);
    }
  });

  it('of absence for what is there, and of presence for what is not', () => {
    const absent = { value: null, receipt: null };
    expect(verdict(SUBJECT, { proof: absent })).toBe('status-root-mismatch');
    const key = suite.hasher.digest(toUtf8('x'));
    expect(verdict(SUBJECT, { proof: { ...absent, other: [key, key] } })).toMatch(
      /^map-wrong-path|^status-root/,
    );
    // Another subject's absence, under this name.
    const { other, bitmap, siblings } = partsOf(subjectOf('丙'));
    const elsewhere = { ...absent, other, bitmap, siblings };
    expect(verdict(SUBJECT, { proof: elsewhere })).toMatch(/^map-wrong-path|^status-root-mismatch/);
    expect(verdict(subjectOf('丙'), { proof: { value: held.subject.value, other: null } })).toBe(
      'status-root-mismatch',
    );
    expect(verdict(subjectOf('丙'), { proof: { value: held.subject.value, other: [key, key] } })).toBe(
      'map-wrong-kind',
    );
  });

  it('with a sibling more, less, empty or changed, or with another bitmap', () => {
    const { bitmap, siblings } = partsOf(SUBJECT);
    const changed = (proof: Partial<StatusProof>) => verdict(SUBJECT, { proof });
    expect(changed({ siblings: [...siblings, siblings[0]!] })).toBe('bad-map-proof');
    expect(changed({ siblings: siblings.slice(1) })).toBe('bad-map-proof');
    expect(changed({ siblings: siblings.with(0, new Uint8Array(32)) })).toBe('bad-map-proof');
    expect(changed({ siblings: siblings.toReversed() })).toBe('status-root-mismatch');
    expect(changed({ bitmap: Uint8Array.of(...bitmap, 0) })).toBe('bad-map-proof');
    expect(changed({ bitmap: Uint8Array.of(...bitmap, 1) })).toBe('bad-map-proof');
    expect(changed({ value: held.subject.value.with(-2, 1) })).toBe('status-root-mismatch');
  });

  it('with a value that is none, or whose own parts contradict each other', () => {
    expect(verdict(SUBJECT, { values: { subject: toUtf8('x') } })).toBe('status-value');
    expect(verdict(SUBJECT, value({ profile: 'note' }))).toBe('status-contradiction');
    const digest = (first: number, last: number, count: number) =>
      verdict(file('乙'), { values: { digest: encode(digestValueCodec, { first, last, count }) } });
    expect(digest(4, HEAD, 3)).toBe('ok');
    for (const [first, count] of [
      [5, 3],
      [HEAD, 2],
      [5, 1],
      [1, 0],
    ] as const)
      expect(digest(first, HEAD, count)).toBe('status-contradiction');
    const idle = encode(publisherValueCodec, publisherValue({ seq: 1 }));
    expect(verdict(NEW, { values: { idle } })).toBe('status-contradiction');
  });

  it('without the receipt of the last record, or with that of anything else', () => {
    expect(verdict(SUBJECT, { proof: { receipt: null } })).toBe('status-no-receipt');
    const { receipt: own } = partsOf(SUBJECT);
    expect(verdict(subjectOf('丙'), { proof: { receipt: own } })).toBe('status-stray-receipt');
    expect(verdict(NEW, { proof: { receipt: own } })).toBe('status-stray-receipt');
    expect(verdict(SUBJECT, value({ head: 5 }))).toBe('status-other-record');
    expect(verdict(SUBJECT, value({ version: 5 }))).toBe('status-contradiction');
    // The file of the last record need not be the text.
    expect(verdict(SUBJECT, value({ digest: digestOf('甲') }))).toBe('ok');
    expect(verdict(SUBJECT, value({ digest: null }))).toBe('ok');
    expect(verdict(SUBJECT, receipt({ entries: entries.toReversed() }))).toBe('status-contradiction');
    expect(verdict(file('乙'), receipt({ entries: entries.toReversed() }))).toBe('status-contradiction');
    expect(verdict(US, receipt({ leaf: { ...LEAF, seq: 8 } }))).toBe('status-contradiction');
    const stranger = { leaf: { ...LEAF, publisher: NEW.id }, header: { publisher: NEW.id } };
    expect(verdict(US, receipt(stranger))).toBe('status-contradiction');
    expect(verdict(SUBJECT, receipt(stranger))).toBe('ok');
  });

  it('with a receipt that is false or against another checkpoint', () => {
    const { receipt: own, checkpoint } = partsOf(SUBJECT);
    const parsed = unwrap(parseReceipt(own!));
    const flipped = own!.slice();
    flipped[60]! ^= 1;
    expect(verdict(SUBJECT, { proof: { receipt: flipped } })).not.toBe('ok');
    const signedAgain = (text: string) => [
      logLine(chain, 1, text),
      ...[1, 2, 3].map(i => cosignatureLine(chain, i, text)),
    ];
    const { receipt: other } = partsOf(SUBJECT, receipt({ lines: signedAgain }));
    expect(unwrap(parseReceipt(other!)).note).not.toEqual(checkpoint);
    expect(verdict(SUBJECT, { proof: { receipt: other } })).toBe('status-other-checkpoint');
    expect(parsed.note).toEqual(checkpoint);
  });

  it('at a checkpoint that the chain’s quorum did not sign', () => {
    const few = receipt({ lines: text => [logLine(chain, 0, text), ...quorumLines(chain, text, 2)] });
    expect(verdict(file('丙'), few)).toBe('no-quorum');
    const noLog = receipt({ lines: text => quorumLines(chain, text) });
    expect(verdict(file('丙'), noLog)).toBe('bad-log-line');
    expect(verdict(file('丙'), receipt({ checkpoint: { epoch: 1 } }))).toBe('wrong-epoch');
    expect(verdict(file('丙'), { proof: { handovers: [] } })).toBe('wrong-epoch');
    expect(verdict(file('丙'), { trust: { chain: testChain(testGenesis('another')) } })).toBe('wrong-chain');
    expect(verdict(file('丙'), { proof: { checkpoint: toUtf8('x') } })).toMatch(/^note-/);
    expect(verdict(file('丙'), receipt({ checkpoint: { stateRoot: suite.hasher.digest(toUtf8('')) } }))).toBe(
      'status-root-mismatch',
    );
  });

  it('cut, or with any one byte changed', () => {
    // Lines that were not changed are not verified again, and the values of every byte are not all tried.
    const trust = { chain, suite: remembering(), fresh: null };
    for (const asked of [SUBJECT, file('丙')]) {
      const bytes = proofOf(asked);
      expect(verifyStatusProof(bytes.subarray(1), asked, trust)).toMatchObject({
        fault: { code: 'status-malformed' },
      });
      for (let at = 0; at < bytes.length; at += 5)
        expect(verifyStatusProof(bytes.with(at, bytes[at]! ^ 1), asked, trust).ok, `byte ${at}`).toBe(false);
    }
  });
});

describe('a status proof for a record', () => {
  const trust = { chain, suite, fresh: null };
  const verdictFor = (asked: Asked, plan: Partial<ReceiptPlan>, values: Plan['values'] = {}) => {
    const record = makeReceipt(chain, { entries, at: 1, before: 5, leaf: LEAF, ...plan });
    const verified = unwrap(verifyReceipt(record, { chain, suite, digests: null }));
    const read = verifyRecordStatus(proofOf(asked, { values }), verified, trust);
    return read.ok ? 'ok' : read.fault.code;
  };

  it('is about its subject, and counts it', () => {
    expect(verdictFor(subjectOf('乙'), {})).toBe('ok');
    const earlier = { leaf: { ...LEAF, version: 3 }, before: 2 };
    expect(verdictFor(subjectOf('乙'), earlier)).toBe('ok');
    expect(verdictFor(subjectOf('甲'), {})).toBe('status-other-name');
    expect(verdictFor(subjectOf('乙'), { before: 6 })).toBe('status-older');
    expect(verdictFor(subjectOf('乙'), { leaf: { ...LEAF, version: 5 } })).toBe('status-contradiction');
    const another = testEntry('丙', toUtf8('丙'));
    expect(verdictFor(subjectOf('丙'), { entries: [another, another] })).toBe('status-contradiction');
  });
});

describe('proofs of many keys', () => {
  // Of each, present and absent: 10,000 in all, at one checkpoint whose signatures are verified once.
  const KEYS = 5_000;
  const askedOf = (i: number) => ({ kind: 'publisher', id: `${PUBLISHER} ${i}` }) as const;
  const state = stateHolding(
    Array.from({ length: KEYS }, (_, i) => ({
      asked: askedOf(i),
      value: encode(publisherValueCodec, publisherValue({ name: `${i}` })),
    })),
  );
  const plan = { entries, at: 0, checkpoint: { stateRoot: state.root } };
  const { note } = unwrap(parseReceipt(makeReceipt(chain, plan)));
  const trust = { chain, suite: remembering(), fresh: null };

  it('verify, present and absent, and none says anything false of another key', () => {
    let spared = 0;
    for (let i = 0; i < 2 * KEYS; i++) {
      const bytes = state.prove(askedOf(i), note, null);
      const { value } = unwrap(verifyStatusProof(bytes, askedOf(i), trust));
      expect(value?.name).toBe(i < KEYS ? `${i}` : undefined);
      const other = (i * 7919 + 1) % (2 * KEYS);
      if (other === i) continue;
      expect(verifyStatusProof(bytes, askedOf(other), trust).ok).toBe(false);
      if (i % 5 > 0) continue;
      const name = [askedOf(other).id];
      const renamed = encode(statusProofCodec, { ...unwrap(decode(statusProofCodec, bytes)), name });
      const read = verifyStatusProof(renamed, askedOf(other), trust);
      // The end of one search may be that of another: then neither key is there.
      if (i < KEYS || other < KEYS) expect(read.ok).toBe(false);
      else if (read.ok) spared++;
    }
    expect(spared).toBeLessThan(10);
  });
});
