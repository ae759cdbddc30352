import { encode, MAX_COSIGNATURE_TIME, type Result, toHex } from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Guard } from '../../consensus/guard.ts';
import type { Block, Message, VoteCertificate } from '../../consensus/messages.ts';
import type { WalRecord } from '../../consensus/output.ts';
import { blockHasher, wireCodecs } from './codecs.ts';
import { type Frame, frameCodec, frameRule, laneOf } from './frames.ts';
import { decodeGuard, encodeGuard, recordCodec } from './records.ts';
import { SIGNED_TYPE, signedBytesOf, voteBytes } from './signed-bytes.ts';

const genesis = new Uint8Array(32).fill(7);
const codecs = wireCodecs(genesis, nativeHasher);
const frames = frameCodec(codecs);
const records = recordCodec(codecs);
const hashBlock = blockHasher(genesis, nativeHasher);

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex);
const signature = fc.uint8Array({ minLength: 64, maxLength: 64 });
const number = fc.nat({ max: 2 ** 31 - 1 });
const signer = fc.nat({ max: 99 });
const block: fc.Arbitrary<Block> = fc
  .record({
    height: number.map(n => n + 1),
    parent: hash,
    proposer: fc.constantFrom('110000', '650000'),
    epoch: number,
    timestamp: number,
    batches: fc.array(hash, { maxLength: 4 }),
    barrier: fc.boolean(),
  })
  .map(draft => ({ ...draft, hash: hashBlock(draft) }));
const vote = {
  kind: fc.constantFrom('prepare' as const, 'commit' as const),
  epoch: number,
  view: number,
  height: number,
  hash,
};
const certificate: fc.Arbitrary<VoteCertificate> = fc.record({
  ...vote,
  signatures: fc.array(fc.record({ signer, signature }), { maxLength: 4 }),
});
const checkpoint = { epoch: number, height: number, hash, text: fc.string({ minLength: 1, maxLength: 40 }) };
const checkpointCertificate = fc.record({
  ...checkpoint,
  signatures: fc.array(fc.record({ signer, time: number, signature }), { maxLength: 4 }),
});
const viewChangeBody = fc.record({
  epoch: number,
  newView: number,
  high: fc.option(certificate),
  checkpoint: fc.option(checkpointCertificate),
});
const viewChange = fc.record({
  epoch: number,
  newView: number,
  high: fc.option(certificate),
  checkpoint: fc.option(checkpointCertificate),
  signer,
  signature,
});
const newViewBody = fc.record({
  epoch: number,
  view: number,
  viewChanges: fc.array(viewChange, { maxLength: 3 }),
});
const newView = fc.record({
  epoch: number,
  view: number,
  viewChanges: fc.array(viewChange, { maxLength: 3 }),
  signer,
  signature,
});

const signedVote = fc.record({ ...vote, signer, signature });
const cosigned = fc.record({ ...checkpoint, signer, time: number, signature });

const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    type: fc.constant('proposal' as const),
    proposal: fc.record({ view: number, block, signer, signature }),
  }),
  fc.record({ type: fc.constant('vote' as const), vote: signedVote }),
  fc.record({ type: fc.constant('view-change' as const), viewChange }),
  fc.record({ type: fc.constant('new-view' as const), newView }),
  fc.record({
    type: fc.constant('checkpoint-vote' as const),
    vote: cosigned,
  }),
  fc.record({ type: fc.constant('commit-certificate' as const), certificate }),
  fc.record({ type: fc.constant('checkpoint-certificate' as const), certificate: checkpointCertificate }),
  fc.record({
    type: fc.constant('status' as const),
    status: fc.record({
      epoch: number,
      view: number,
      asked: number,
      accepted: number,
      committed: number,
      final: number,
    }),
  }),
  fc.record({
    type: fc.constant('evidence' as const),
    evidence: fc.oneof(
      fc.record({ type: fc.constant('votes' as const), first: signedVote, second: signedVote }),
      fc.record({ type: fc.constant('checkpoints' as const), first: cosigned, second: cosigned }),
    ),
  }),
  fc.record({ type: fc.constant('header-request' as const), request: fc.record({ hash, above: number }) }),
  fc.record({
    type: fc.constant('headers' as const),
    blocks: fc.array(block, { minLength: 1, maxLength: 3 }),
  }),
);
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const path = fc.stringMatching(/^[0-9a-f]{0,64}$/);
const part = fc.record({
  height: number,
  path,
  children: fc.option(
    fc.array(fc.option(fc.record({ key: fc.option(bytes32), hash: bytes32 })), {
      minLength: 16,
      maxLength: 16,
    }),
  ),
  values: fc.option(
    fc.array(
      fc.record({
        name: fc.uint8Array({ minLength: 1, maxLength: 40 }),
        value: fc.uint8Array({ maxLength: 40 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  ),
});
const frame: fc.Arbitrary<Frame> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ type: fc.constant('message' as const), message }) },
  fc.record({ type: fc.constant('batch' as const), bytes: fc.uint8Array({ minLength: 1, maxLength: 100 }) }),
  fc.record({
    type: fc.constant('batch-request' as const),
    digests: fc.array(bytes32, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ type: fc.constant('snapshot-request' as const), above: number }),
  fc.record({
    type: fc.constant('snapshot' as const),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 100 }),
  }),
  fc.record({
    type: fc.constant('part-request' as const),
    height: number,
    paths: fc.array(path, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ type: fc.constant('part' as const), part }),
  fc.record({ type: fc.constant('log-line-request' as const), height: number }),
  fc.record({ type: fc.constant('log-line' as const), height: number, signature: fc.option(signature) }),
);

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.detail}`);
  return result.value;
}

describe('frames', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(frame, value => {
        expect(unwrap(frames.decode(frames.encode(value)))).toEqual(value);
      }),
    );
  });

  it('never throw on changed bytes, and what is accepted has one encoding', () => {
    fc.assert(
      fc.property(frame, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, position, flip) => {
        const bytes = frames.encode(value);
        bytes[position % bytes.length]! ^= flip;
        const read = frames.decode(bytes);
        if (read.ok) expect(toHex(frames.encode(read.value))).toBe(toHex(bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuse an unknown tag, nothing at all, and more than the limit of their kind', () => {
    expect(frames.decode(Uint8Array.of(99)).ok).toBe(false);
    expect(frames.decode(new Uint8Array(0)).ok).toBe(false);
    const huge = new Uint8Array(5 * 1024);
    huge[0] = frames.encode({ type: 'message', message: fc.sample(message, 1)[0]! })[0]!;
    huge[0] = 2;
    expect(frames.decode(huge)).toMatchObject({ ok: false, fault: { code: 'too-big' } });
  });
});

it('what the protocol says goes in the lane of votes, and whatever may be long in that of bodies', () => {
  const kindsIn = (lane: string): readonly string[] => {
    const kinds = fc.sample(frame, 1_000).flatMap(one => {
      return laneOf(one) === lane ? [one.type === 'message' ? one.message.type : one.type] : [];
    });
    return [...new Set(kinds)].sort();
  };
  expect(kindsIn('votes')).toEqual([
    'checkpoint-certificate',
    'checkpoint-vote',
    'commit-certificate',
    'evidence',
    'header-request',
    'new-view',
    'proposal',
    'status',
    'view-change',
    'vote',
  ]);
  expect(kindsIn('bulk')).toEqual([
    'batch',
    'batch-request',
    'headers',
    'log-line',
    'log-line-request',
    'part',
    'part-request',
    'snapshot',
    'snapshot-request',
  ]);
});

describe('what one frame may have', () => {
  const rules = Array.from({ length: 256 }, (_, tag) => [tag, frameRule(tag)] as const).flatMap(
    ([tag, rule]) => (rule === undefined ? [] : [[tag, rule.bytes] as const]),
  );
  const ruled = (message: Message) => frameRule(frames.encode({ type: 'message', message })[0]!)!.bytes;

  it.each(rules)('is bounded for the kind %i: one byte more than %i is refused', (tag, bytes) => {
    const frame = new Uint8Array(bytes + 1);
    frame[0] = tag;
    expect(frames.decode(frame)).toMatchObject({ ok: false, fault: { code: 'too-big' } });
    expect(frames.decode(frame.subarray(0, bytes))).not.toMatchObject({ fault: { code: 'too-big' } });
  });

  it('is 4 KiB for a vote and 1 MiB for a proposal, and each kind has a bound', () => {
    const of = (type: Message['type']) => fc.sample(message, 500).find(one => one.type === type)!;
    expect(ruled(of('vote'))).toBeLessThanOrEqual(4 * 1024 + 1);
    expect(ruled(of('checkpoint-vote'))).toBeLessThanOrEqual(4 * 1024 + 1);
    expect(ruled(of('proposal'))).toBeLessThanOrEqual(1024 * 1024 + 1);
    expect(rules.length).toBeGreaterThan(10);
    expect(Math.max(...rules.map(([, bytes]) => bytes))).toBeLessThanOrEqual(8 * 1024 * 1024);
  });
});

describe('a cosignature time after the year 9999', () => {
  const last = Uint8Array.of(0x1b, 0, 0, 0, 0x3a, 0xff, 0xf4, 0x41, 0x7f);
  const of = { epoch: 0, height: 1, hash: 'ab'.repeat(32), text: 'text' };
  const signed = { signer: 0, time: MAX_COSIGNATURE_TIME, signature: new Uint8Array(64) };
  const certified = { ...of, signatures: [signed] };
  const vote = { ...of, ...signed };
  const change = {
    ...{ epoch: 0, newView: 1, high: null, checkpoint: certified },
    ...{ signer: 0, signature: new Uint8Array(64) },
  };
  const messages: readonly Message[] = [
    { type: 'checkpoint-vote', vote },
    { type: 'checkpoint-certificate', certificate: certified },
    { type: 'view-change', viewChange: change },
    { type: 'evidence', evidence: { type: 'checkpoints', first: vote, second: vote } },
  ];

  it.each(messages)('is refused by the decoder in a $type: nobody could say what it signs', message => {
    const bytes = frames.encode({ type: 'message', message });
    expect(frames.decode(bytes).ok).toBe(true);
    const at = Buffer.from(bytes).indexOf(last);
    expect(at).toBeGreaterThan(0);
    bytes[at + last.length - 1] = 0x80;
    expect(frames.decode(bytes).ok).toBe(false);
  });
});

describe('log records and guard', () => {
  const record: fc.Arbitrary<WalRecord> = fc.oneof(
    fc.record({ type: fc.constant('accept' as const), view: number, block }),
    fc.record({ type: fc.constant('prepared' as const), certificate }),
    fc.record({ type: fc.constant('view-change' as const), body: viewChangeBody }),
    fc.record({ type: fc.constant('new-view-sent' as const), body: newViewBody }),
    fc.record({ type: fc.constant('new-view' as const), message: newView }),
    fc.record({
      type: fc.constant('cosign' as const),
      height: number,
      hash,
      text: checkpoint.text,
      time: number,
    }),
    fc.record({ type: fc.constant('checkpoint' as const), certificate: checkpointCertificate }),
  );

  it('records come back as they were', () => {
    fc.assert(
      fc.property(record, value => {
        expect(records.decode(records.encode(value))).toEqual(value);
      }),
    );
  });

  it('a record of another version stops the node', () => {
    expect(() => records.decode(Uint8Array.of(200, 0))).toThrow('unknown tag');
    expect(() => records.decode(Uint8Array.of(1, 0))).toThrow('invariant');
  });

  it('a guard comes back, and a damaged one is not an empty one', () => {
    const guard: Guard = {
      epoch: 0,
      amnesiac: false,
      viewFloor: 3,
      signed: new Map([
        ['prepare/3/9', '11'.repeat(32)],
        ['commit/3/9', '22'.repeat(32)],
      ]),
      cosigned: { height: 8, text: 'text', time: 5 },
    };
    expect(decodeGuard(encodeGuard(guard))).toEqual(guard);
    expect(() => decodeGuard(encodeGuard(guard).subarray(1))).toThrow('guard');
  });
});

describe('signed bytes', () => {
  const signed = signedBytesOf(genesis, nativeHasher, codecs);
  const hex = '33'.repeat(32);

  it('are 0x00, the domain, type, genesis, epoch, view, height, hash', () => {
    const bytes = voteBytes(genesis, 'commit', 1, 2, 3, new Uint8Array(32).fill(0x33));
    expect(toHex(bytes)).toBe(
      `00${Buffer.from('qifeng/vote/v1').toString('hex')}02${'07'.repeat(32)}00000001${'00'.repeat(7)}02${'00'.repeat(7)}03${hex}`,
    );
  });

  it('PREPARE and COMMIT never sign the same bytes, nor do any two kinds', () => {
    const all = (Object.keys(SIGNED_TYPE) as (keyof typeof SIGNED_TYPE)[]).map(type =>
      toHex(voteBytes(genesis, type, 0, 0, 1, new Uint8Array(32))),
    );
    expect(new Set(all).size).toBe(all.length);
    expect(toHex(signed.vote('prepare', 0, 0, 1, hex))).not.toBe(toHex(signed.vote('commit', 0, 0, 1, hex)));
  });

  it('of a proposal are those of its PREPARE', () => {
    const [sample] = fc.sample(block, 1);
    expect(toHex(signed.of({ type: 'proposal', view: 4, block: sample! }))).toBe(
      toHex(signed.vote('prepare', sample!.epoch, 4, sample!.height, sample!.hash)),
    );
  });

  it('of a VIEW-CHANGE bind its whole body', () => {
    fc.assert(
      fc.property(viewChangeBody, viewChangeBody, (a, b) => {
        const same = toHex(encode(codecs.viewChangeBody, a)) === toHex(encode(codecs.viewChangeBody, b));
        expect(toHex(signed.viewChange(a)) === toHex(signed.viewChange(b))).toBe(same);
      }),
    );
  });
});
