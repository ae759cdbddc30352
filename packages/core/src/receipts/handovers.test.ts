import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../encoding/bytes.ts';
import { decode, encode } from '../encoding/codec.ts';
import { toUtf8 } from '../encoding/utf8.ts';
import type { Checkpoint } from '../ledger/checkpoint.ts';
import { formatNote, type Note, parseNote } from '../ledger/note.ts';
import { quorum } from '../ledger/quorum.ts';
import { makeVerifierKey, TYPE_ED25519 } from '../ledger/vkey.ts';
import { nativeSuite as suite } from '../native/native-suite.ts';
import { epochValueCodec } from '../records/state.ts';
import { cosignatureLines } from './cosigners.ts';
import { type Handover, handoversCodec, makeHandover } from './handover.ts';
import { HandoverMemory } from './handover-memory.ts';
import { type HandoverTrust, verifyEpoch, verifyHandovers } from './handovers.ts';
import {
  type Draft,
  draftsOf,
  handoverOf,
  type PlannedEpoch,
  plannedChain,
  type Seat,
  setValue,
  signaturesOf,
} from './testing/handover-chain.ts';

const { hasher } = suite;
const CODES = ['110000', '120000', '130000', '140000', '150000', '210000', '220000', '230000'];
const seats = (codes: readonly string[], ...again: string[]): Seat[] =>
  codes.map(code => [code, again.includes(code) ? 1 : 0]);

// Sets of 4, 5, 5 (one came back) and 4 (one left).
const PLAN: PlannedEpoch[] = [
  { seats: seats(CODES.slice(0, 4)), blocks: 3 },
  { seats: seats(CODES.slice(0, 5)), blocks: 1 },
  { seats: seats(CODES.slice(0, 5), '130000'), blocks: 7 },
  { seats: seats(['120000', '130000', '140000', '150000'], '130000'), blocks: 1 },
];
const chain = plannedChain(PLAN[0]!.seats);
const drafts = draftsOf(PLAN);
const handovers = drafts.map(draft => handoverOf(chain, draft));
const verdict = (given: readonly Handover[], trust: Partial<HandoverTrust> = {}) => {
  const set = verifyHandovers(given, { chain, suite, ...trust });
  return set.ok ? 'ok' : `${set.fault.code}: ${set.fault.detail}`;
};
/** The verdict with handover `i` made of a draft with one thing changed. */
const drafted = (i: number, change: Partial<Draft>) =>
  verdict(handovers.with(i, handoverOf(chain, { ...drafts[i]!, ...change })));
const noteOf = ({ checkpoint }: Handover): Note => {
  const note = parseNote(checkpoint);
  if (!note.ok) throw new Error(note.fault.detail);
  return note.value;
};
/** The verdict with other signature lines under handover `i`'s own text. */
const signed = (i: number, change: (note: Note) => Note['signatures']) => {
  const note = noteOf(handovers[i]!);
  const checkpoint = formatNote({ ...note, signatures: change(note) });
  return verdict(handovers.with(i, { ...handovers[i]!, checkpoint }));
};
const linesOf = (i: number, by: readonly Seat[], text = noteOf(handovers[i]!).text) =>
  cosignatureLines(chain.origin, setValue(by, 0).validators, signaturesOf(by, text), hasher);

describe('handovers', () => {
  it('lead from the genesis to each set, with its first height', () => {
    for (const epoch of PLAN.keys()) {
      const set = verifyHandovers(handovers.slice(0, epoch), { chain, suite });
      const { start, validators } = setValue(PLAN[epoch]!.seats, drafts[epoch - 1]?.next.start ?? 1);
      expect(set).toEqual({ ok: true, value: { epoch, start, validators } });
    }
  });

  it('carry exactly the first q cosignatures, in order', () => {
    expect(handovers.map(handover => noteOf(handover).signatures.length)).toEqual([3, 4, 4]);
    const few = [2, 3].map(signer => ({ signer, time: 1, signature: new Uint8Array(64) }));
    const { validators } = setValue(PLAN[0]!.seats, 1);
    const { text } = noteOf(handovers[0]!);
    expect(() =>
      makeHandover({ ...handovers[0]!, origin: chain.origin, validators, text, signatures: few }, hasher),
    ).toThrow('invariant');
  });

  it('may be cosigned by any q', () => {
    expect(drafted(0, { signers: [1, 2, 3] })).toBe('ok');
    expect(drafted(1, { signers: [0, 2, 3, 4] })).toBe('ok');
  });

  it('are read back from one encoding', () => {
    const bytes = encode(handoversCodec, handovers);
    expect(decode(handoversCodec, bytes)).toEqual({ ok: true, value: handovers });
  });
});

describe('a handover is refused', () => {
  it.each<[string, Partial<Draft>, RegExp]>([
    ['of another log', { checkpoint: { origin: 'other.example/x' } }, /other\.example|names another/],
    ['of an epoch before', { checkpoint: { epoch: 0 } }, /of epoch 0/],
    ['of an epoch after', { checkpoint: { epoch: 2 } }, /of epoch 2/],
    ['at a height before its epoch began', { height: 3, next: setValue(PLAN[2]!.seats, 4) }, /begins with 4/],
    ['with a start too high', { next: setValue(PLAN[2]!.seats, 6) }, /begins with block 6/],
    ['with a start too low', { next: setValue(PLAN[2]!.seats, 4) }, /begins with block 4/],
    ['with n too high', { next: { ...drafts[1]!.next, n: 6 } }, /n says 6/],
    ['with n too low', { next: { ...drafts[1]!.next, n: 4 } }, /n says 4/],
    [
      'with a set out of order',
      { next: { ...drafts[1]!.next, validators: drafts[1]!.next.validators.toReversed() } },
      /out of order/,
    ],
    [
      'with a member twice',
      {
        next: {
          ...drafts[1]!.next,
          validators: drafts[1]!.next.validators.with(1, drafts[1]!.next.validators[0]!),
        },
      },
      /out of order/,
    ],
    ['when the state has it as another epoch', { heldAs: 3 }, /proof of the next set/],
    ['under another state', { checkpoint: { stateRoot: new Uint8Array(32) } }, /proof of the next set/],
  ])('%s', (_, change, reason) => {
    expect(drafted(1, change)).toMatch(/^bad-handover: the handover of epoch 1: /);
    expect(drafted(1, change)).toMatch(reason);
  });

  it('without exactly q cosignatures of its own set in order', () => {
    const bad = /^bad-handover/;
    expect(signed(0, ({ signatures }) => signatures.slice(1))).toMatch(bad);
    expect(signed(0, () => linesOf(0, PLAN[0]!.seats))).toBe('ok');
    expect(signed(0, ({ text }) => allLines(PLAN[0]!.seats, text))).toMatch(/exactly 3/);
    expect(signed(0, ({ signatures }) => signatures.toReversed())).toMatch(bad);
    expect(signed(0, ({ signatures }) => signatures.with(1, signatures[0]!))).toMatch(bad);
    expect(signed(0, ({ signatures }) => [...signatures, signatures[2]!])).toMatch(bad);
    expect(signed(0, () => linesOf(0, PLAN[0]!.seats, `${noteOf(handovers[0]!).text}x\n`))).toMatch(bad);
  });

  it('with a line of the log or of anybody else', () => {
    const { logKey } = chain.validators[0]!;
    const { keyId } = makeVerifierKey(chain.origin, TYPE_ED25519, logKey, hasher);
    const line = { name: chain.origin, keyId, signature: new Uint8Array(64) };
    expect(signed(0, ({ signatures }) => [line, ...signatures])).toMatch(/^bad-handover/);
    const nobody = { name: 'nobody', keyId: 1, signature: new Uint8Array(72) };
    expect(signed(0, ({ signatures }) => [...signatures, nobody])).toMatch(/^bad-handover/);
  });

  it('by the set of another epoch, and by a key that was replaced or belongs to one that left', () => {
    // 130000 signs with the key it had before it came back: everything else is a quorum.
    const old = PLAN[2]!.seats.map(([code]): Seat => [code, 0]);
    expect(signed(2, () => linesOf(2, old))).toMatch(/130000.* out of order or by nobody/);
    expect(signed(2, () => linesOf(2, PLAN[2]!.seats))).toBe('ok');
    // One that joins with epoch 1 signs the end of epoch 0 and counts for nothing.
    const joined = seats(['120000', '140000', '150000', '210000']);
    expect(signed(0, () => linesOf(0, joined))).toMatch(/150000.* by nobody/);
    // 110000 left with epoch 2 and signs the end of epoch 3.
    const next: PlannedEpoch = { seats: PLAN[3]!.seats, blocks: 1 };
    const end = { ...draftsOf([...PLAN, next])[3]!, checkpoint: {} };
    const more = [...handovers, handoverOf(chain, end)];
    expect(verdict(more)).toBe('ok');
    const { text } = noteOf(more[3]!);
    const withFormer = seats(['110000', '120000', '130000', '140000'], '130000');
    const checkpoint = formatNote({ text, signatures: linesOf(3, withFormer, text) });
    expect(verdict(more.with(3, { ...more[3]!, checkpoint }))).toMatch(/110000.* by nobody/);
  });

  it('left out, doubled or out of place', () => {
    for (const i of handovers.keys()) {
      if (i < 2) expect(verdict(handovers.toSpliced(i, 1))).toMatch(/^bad-handover/);
      expect(verdict(handovers.toSpliced(i, 0, handovers[i]!))).toMatch(/^bad-handover/);
    }
    expect(verdict(handovers.toReversed())).toMatch(/^bad-handover/);
  });
});

/** Lines by all of a set, one more than the builder would ever write. */
function allLines(by: readonly Seat[], text: string) {
  return by.flatMap(
    (_, i) =>
      cosignatureLines(chain.origin, setValue(by, 0).validators, signaturesOf(by, text, [i]), hasher)[0]!,
  );
}

describe('a checkpoint', () => {
  const at = (epoch: number, height: number): Checkpoint => ({
    ...{ origin: chain.origin, size: 1, root: new Uint8Array(32) },
    ...{ height, blockHash: new Uint8Array(32), stateRoot: new Uint8Array(32), epoch },
  });
  const of = (epoch: number, height: number, given: readonly Handover[] | null) => {
    const set = verifyEpoch(at(epoch, height), given, { chain, suite });
    return set.ok ? set.value.epoch : set.fault.code;
  };

  it('has as many handovers as its epoch says, null for none, and is no older than its set', () => {
    expect(of(0, 1, null)).toBe(0);
    expect(of(0, 1, [])).toBe('wrong-epoch');
    expect(of(1, 9, null)).toBe('wrong-epoch');
    expect(of(2, 5, handovers.slice(0, 2))).toBe(2);
    expect(of(2, 4, handovers.slice(0, 2))).toBe('wrong-height');
    expect(of(1, 5, handovers.slice(0, 2))).toBe('wrong-epoch');
    expect(of(3, 5, handovers.slice(0, 2))).toBe('wrong-epoch');
    expect(of(0, 5, handovers.slice(0, 1))).toBe('wrong-epoch');
  });
});

describe('a pin', () => {
  const hashOf = (i: number) => hasher.digest(toUtf8(noteOf(handovers[i]!).text));

  it('holds for the handover of its epoch and says nothing of the others', () => {
    const pins = [1, 2].map(epoch => ({ epoch, hash: hashOf(epoch) }));
    expect(verdict(handovers, { pins })).toBe('ok');
    expect(verdict(handovers.slice(0, 1), { pins })).toBe('ok');
    expect(verdict(handovers, { pins: [{ epoch: 9, hash: hashOf(0) }] })).toBe('ok');
  });

  it('refuses a handover that a quorum of a past set made otherwise, also one that is remembered', () => {
    const forged = handovers.with(2, handoverOf(chain, { ...drafts[2]!, checkpoint: { size: 99 } }));
    const pins = [{ epoch: 2, hash: hashOf(2) }];
    const handoverMemory = new HandoverMemory();
    expect(verdict(forged, { handoverMemory })).toBe('ok');
    expect(verdict(forged, { handoverMemory, pins })).toMatch(/^pin-mismatch/);
    expect(verdict(forged, { pins })).toMatch(/^pin-mismatch/);
    expect(verdict(handovers, { handoverMemory, pins })).toBe('ok');
  });
});

describe('a memory of handovers', () => {
  const counting = () => {
    let checks = 0;
    const { verifier } = suite;
    const verify: typeof verifier.verify = (...args) => {
      checks++;
      return verifier.verify(...args);
    };
    return { suite: { ...suite, verifier: { ...verifier, verify } }, checks: () => checks };
  };

  it('spares the signatures of what it knows, by exactly its bytes', () => {
    const counted = counting();
    const handoverMemory = new HandoverMemory();
    const trust = { handoverMemory, suite: counted.suite };
    expect(verdict(handovers.slice(0, 2), trust)).toBe('ok');
    expect(counted.checks()).toBe(3 + 4);
    expect(verdict(handovers, trust)).toBe('ok');
    expect(counted.checks()).toBe(3 + 4 + 4);
    expect(verdict(handovers, trust)).toBe('ok');
    expect(counted.checks()).toBe(11);
    const flipped = handovers[1]!.checkpoint.with(-9, handovers[1]!.checkpoint.at(-9)! ^ 1);
    expect(verdict(handovers.with(1, { ...handovers[1]!, checkpoint: flipped }), trust)).toMatch(/^bad/);
  });

  it('goes on from a handover by other cosigners without the later ones again', () => {
    const counted = counting();
    const trust = { handoverMemory: new HandoverMemory(), suite: counted.suite };
    expect(verdict(handovers, trust)).toBe('ok');
    const others = handovers.with(0, handoverOf(chain, { ...drafts[0]!, signers: [1, 2, 3] }));
    expect(verdict(others, trust)).toBe('ok');
    expect(counted.checks()).toBe(11 + 3);
  });

  it('keeps copies: whoever gave the bytes may change them', () => {
    const handoverMemory = new HandoverMemory();
    const mine = handovers.map(handover => ({ ...handover, epoch: handover.epoch.slice() }));
    expect(verdict(mine, { handoverMemory })).toBe('ok');
    for (const { epoch } of mine) epoch.fill(0);
    const set = verifyHandovers(handovers, { chain, suite, handoverMemory });
    expect(set.ok && toHex(encode(epochValueCodec, { ...drafts[2]!.next, ...only(set.value) }))).toBe(
      toHex(handovers[2]!.epoch),
    );
  });
});

const only = ({ validators, start }: { validators: Draft['next']['validators']; start: number }) => ({
  validators,
  start,
});

describe('any chain of sets', () => {
  const set = fc
    .uniqueArray(fc.tuple(fc.constantFrom(...CODES), fc.nat(2)), {
      minLength: 1,
      selector: ([code]) => code,
    })
    .map(found => found.sort(([a], [b]) => (a < b ? -1 : 1)));
  const plans = fc.array(fc.record({ seats: set, blocks: fc.integer({ min: 1, max: 9 }) }), {
    minLength: 2,
    maxLength: 5,
  });

  it('verifies as planned, and with one handover taken from a plan that differs in it is refused', () => {
    fc.assert(
      fc.property(plans, fc.nat(), fc.nat(), (plan, at, who) => {
        const on = plannedChain(plan[0]!.seats);
        const drafted = draftsOf(plan);
        const given = drafted.map(draft => handoverOf(on, draft));
        const reached = verifyHandovers(given, { chain: on, suite });
        const { start, validators } = drafted.at(-1)!.next;
        expect(reached).toEqual({ ok: true, value: { epoch: given.length, start, validators } });
        // One of the q keys of a handover is another's: everything after it falls.
        const i = at % given.length;
        const draft = drafted[i]!;
        const stranger = draft.seats.with(who % quorum(draft.seats.length), [
          draft.seats[who % quorum(draft.seats.length)]![0],
          9,
        ]);
        const wrong = verifyHandovers(given.with(i, handoverOf(on, { ...draft, seats: stranger })), {
          chain: on,
          suite,
        });
        expect(!wrong.ok && wrong.fault.code).toBe('bad-handover');
      }),
      { numRuns: 60 },
    );
  });
});
