import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  byVotes,
  type Lie,
  type Slot,
  twoHeads,
  twoVotes,
  voteFor,
} from '../../../../tests/fixtures/accusations.ts';
import { PUBLISHER, testChain, testEntry, testKey } from '../../../../tests/fixtures/builder.ts';
import { EpochLedger } from '../../../../tests/fixtures/epoch-ledger.ts';
import { epochsGenesis } from '../../../../tests/fixtures/epochs.ts';
import { toHex } from '../encoding/bytes.ts';
import { decode } from '../encoding/codec.ts';
import { nativeSuite } from '../native/native-suite.ts';
import { type Accusation, accusationEntry } from '../records/accusation.ts';
import type { Entry } from '../records/entry.ts';
import { leafCodec } from '../records/leaf.ts';
import { accusationValueCodec, stateName, subjectValueCodec } from '../records/state.ts';
import { wouldRefuse } from './check-submission.ts';
import { rebuild } from './rebuild.ts';
import { header, PlainLedger, submission, TIME, unwrap } from './testing/ledger.ts';

const RIVAL = '91110108551385082Q';
const genesis = epochsGenesis();
const second = { ...genesis.publishers[0]!, id: RIVAL, keys: [testKey('rival').publicKey] };
const chain = testChain({ ...genesis, publishers: [...genesis.publishers, second] });
const document = new Uint8Array(1);
const KEYS = { [PUBLISHER]: 'publisher', [RIVAL]: 'rival' };

class Ledger extends PlainLedger {
  override readonly verifier = nativeSuite.verifier;
}
const sent = (entries: readonly Entry[], by: keyof typeof KEYS = PUBLISHER) =>
  submission(chain, entries, { publisher: by, key: testKey(KEYS[by]!).publicKey });
const key = (code: string) => testKey(`validator ${code}`);
const votes = (code: string, lie: Lie = {}) => twoVotes(chain.hash, code, key(code), lie);

/** The change that begins epoch 1, in which a fifth votes: to be recorded in a block from 2 on. */
function fifth(): Entry {
  const ledger = new EpochLedger(chain);
  ledger.run([testEntry('first', document)]);
  return ledger.changeEntry([{ code: '150000', validator: ledger.newValidator('150000') }]);
}
const begun = (): Ledger => {
  const ledger = new Ledger(chain);
  ledger.run([sent([testEntry('first', document)])]);
  return ledger;
};
const outcomesOf = ({ outcomes }: ReturnType<Ledger['run']>) =>
  outcomes.map(({ first, refusal }) => first ?? refusal?.code);
const onRecord = (ledger: Ledger, code: string, epoch: number): number | null => {
  const bytes = ledger.value(stateName('accusation', code, epoch));
  return bytes === null ? null : unwrap(decode(accusationValueCodec, bytes)).record;
};

describe('an accusation that proves what it says', () => {
  it('is a record of its carrier, and the state says where it is', () => {
    const ledger = begun();
    const own = sent([accusationEntry(PUBLISHER, votes('110000'))]);
    expect(wouldRefuse(own, TIME + 1000, ledger, ledger)).toBeNull();
    const { closes, ...result } = ledger.run([own]);
    expect([closes, outcomesOf({ closes, ...result })]).toEqual([false, [1]]);
    expect(onRecord(ledger, '110000', 0)).toBe(1);
    const subject = stateName('subject', 'governance', PUBLISHER, 'accused 110000 epoch 0');
    expect(decode(subjectValueCodec, ledger.value(subject)!)).toMatchObject({
      value: { state: 'applied', head: 1, version: 1, owner: PUBLISHER, digest: null },
    });
  });

  it('is recorded once, whoever brings it, whatever the evidence, in one block and later', () => {
    const ledger = begun();
    const heads = twoHeads(chain, '110000', key('110000'));
    const all = [votes('110000'), votes('110000', { view: 1 }), heads];
    const carried = (by: keyof typeof KEYS) => all.map(one => sent([accusationEntry(by, one)], by));
    const again = Array(3).fill('governance-recorded');
    expect(outcomesOf(ledger.run([...carried(RIVAL), ...carried(PUBLISHER)]))).toEqual([
      1,
      ...again.slice(1),
      ...again,
    ]);
    expect(outcomesOf(ledger.run(carried(PUBLISHER)))).toEqual(again);
    expect(wouldRefuse(carried(PUBLISHER)[0]!, TIME + 1000, ledger, ledger)?.code).toBe(
      'governance-recorded',
    );
    expect(onRecord(ledger, '110000', 0)).toBe(1);
  });

  it('is recorded for each epoch in which the member lied, and not before the epoch begins', () => {
    const ledger = begun();
    const lies = [0, 1].map(epoch => sent([accusationEntry(PUBLISHER, votes('110000', { epoch }))]));
    const later = sent([accusationEntry(RIVAL, votes('150000', { epoch: 1 }))], RIVAL);
    expect(outcomesOf(ledger.run([sent([fifth()]), lies[1]!]))).toEqual([1, 'governance-epoch']);
    const anew = sent([accusationEntry(PUBLISHER, votes('110000', { epoch: 1 }))]);
    expect(outcomesOf(ledger.run([anew, lies[0]!, later]))).toEqual([2, 3, 4]);
    expect([0, 1].map(epoch => onRecord(ledger, '110000', epoch))).toEqual([3, 2]);
    expect(onRecord(ledger, '150000', 1)).toBe(4);
  });

  it('comes with others whole, or not at all', () => {
    const ledger = begun();
    const [one, other] = ['110000', '120000'].map(code => accusationEntry(PUBLISHER, votes(code)));
    const stale = ledger.run([sent([one!, testEntry('first', document)])]);
    expect(stale.outcomes[0]?.refusal?.entry).toBe(1);
    expect(onRecord(ledger, '110000', 0)).toBeNull();
    expect(() => sent([one!, one!])).toThrow('second for its subject');
    expect(outcomesOf(ledger.run([sent([one!, other!])]))).toEqual([1]);
    expect(['110000', '120000'].map(code => onRecord(ledger, code, 0))).toEqual([1, 2]);
  });

  it('is under the roots that a naive rebuild works out', () => {
    const accusation = accusationEntry(PUBLISHER, votes('110000'));
    const [own, without] = [[accusation], [testEntry('a', document)]].map(entries => {
      const submissions = [sent(entries)];
      return [...rebuild(chain, nativeSuite, [{ header: header(chain, 1), submissions }])].map(block =>
        toHex(block.stateRoot),
      );
    });
    expect(own).not.toEqual(without);
  });
});

/** What a log and a state say of accusations that cannot be: `lied` has `code epoch` of all who ever did. */
function recordFlaws(
  leaves: readonly Uint8Array[],
  indexOf: (code: string, epoch: number) => number | null,
  lied: ReadonlySet<string>,
): string[] {
  const seen = new Map<string, number>();
  const flaws: string[] = [];
  for (const [index, bytes] of leaves.entries()) {
    const { entry } = unwrap(decode(leafCodec, bytes));
    if (entry.value.action !== 'accuse-member') continue;
    const [, code, epoch] = /^accused (\d{6}) epoch (\d+)$/.exec(entry.value.subject.id)!;
    const who = `${code} ${epoch}`;
    if (!lied.has(who)) flaws.push(`${who} never lied`);
    if (seen.has(who)) flaws.push(`${who} is recorded twice`);
    seen.set(who, index);
    if (indexOf(code!, Number(epoch)) !== index) flaws.push(`the state has ${who} elsewhere`);
  }
  for (const who of lied) {
    const [code, epoch] = who.split(' ');
    if (indexOf(code!, Number(epoch)) !== null && !seen.has(who)) flaws.push(`${who} has no record`);
  }
  return flaws;
}

const HONEST = ['120000', '140000'];
const LIARS = ['110000', '130000'];
const EPOCHS = [0, 1];
const LIED = new Set(LIARS.flatMap(code => EPOCHS.map(epoch => `${code} ${epoch}`)));
const slotArb: fc.Arbitrary<Slot> = fc.record({
  kind: fc.constantFrom('prepare', 'commit'),
  epoch: fc.constantFrom(...EPOCHS),
  view: fc.nat(1),
  height: fc.integer({ min: 5, max: 6 }),
});
const nameOf = ({ kind, epoch, view, height }: Slot) => `${kind} ${epoch} ${view} ${height}`;

/** What a carrier can make of what was signed; `lie` says whether it proves anything. */
const accusationArb: fc.Arbitrary<{ readonly accusation: Accusation; readonly lie: boolean }> = fc.oneof(
  fc
    .record({
      code: fc.constantFrom(...LIARS),
      slot: slotArb,
      about: fc.constantFrom<Lie['about'] & {}>(['a', 'b'], ['b', 'c']),
      heads: fc.boolean(),
    })
    .map(({ code, slot, about, heads }) => {
      const lie = { ...slot, about };
      const accusation = heads ? twoHeads(chain, code, key(code), lie) : votes(code, lie);
      return { accusation, lie: true };
    }),
  // What an honest member signed in two slots, said to be of one.
  fc
    .record({ code: fc.constantFrom(...HONEST), slots: fc.tuple(slotArb, slotArb) })
    .filter(({ slots: [one, other] }) => nameOf(one) !== nameOf(other))
    .map(({ code, slots }) => {
      const [one, other] = slots.map(slot => voteFor(chain.hash, key(code), slot, nameOf(slot)));
      return { accusation: byVotes(code, slots[0], [one!, other!]), lie: false };
    }),
  // What a liar signed, laid to somebody else, or to another epoch.
  fc
    .record({ code: fc.constantFrom(...HONEST), by: fc.constantFrom(...LIARS), slot: slotArb })
    .map(({ code, by, slot }) => ({ accusation: { ...votes(by, slot), code }, lie: false })),
  fc
    .record({ code: fc.constantFrom(...LIARS), slot: slotArb })
    .map(({ code, slot }) => ({ accusation: { ...votes(code, slot), epoch: 1 - slot.epoch }, lie: false })),
);

const runArb = fc.record({
  /** The block with the change that begins epoch 1. */
  changes: fc.nat(3),
  blocks: fc.array(
    fc.array(
      fc.record({
        by: fc.constantFrom(PUBLISHER, RIVAL),
        all: fc.uniqueArray(accusationArb, {
          minLength: 1,
          maxLength: 2,
          selector: ({ accusation: { code, epoch } }) => `${code} ${epoch}`,
        }),
      }),
      { maxLength: 4 },
    ),
    { minLength: 6, maxLength: 8 },
  ),
});

describe('whatever hostile carriers bring, in any order', () => {
  it('each lie is on record once for its member and epoch, and nobody honest is', {
    timeout: 120_000,
  }, () => {
    const change = fifth();
    const count = { recorded: 0, again: 0, refused: 0 };
    fc.assert(
      fc.property(runArb, ({ changes, blocks }) => {
        const ledger = begun();
        const known = new Set<string>();
        for (const [i, carried] of blocks.entries()) {
          const epoch = i > changes ? 1 : 0;
          const expected = carried.map(({ all }) => {
            const names = all.map(({ accusation: one }) => `${one.code} ${one.epoch}`);
            const holds = all.every(({ accusation: one, lie }) => lie && one.epoch <= epoch);
            const fresh = names.every(name => !known.has(name));
            if (!holds) count.refused++;
            else if (fresh) count.recorded++;
            else count.again++;
            if (holds && fresh) for (const name of names) known.add(name);
            return holds && fresh;
          });
          const submissions = carried.map(({ by, all }) =>
            sent(
              all.map(({ accusation }) => accusationEntry(by, accusation)),
              by,
            ),
          );
          const result = ledger.run([...(i === changes ? [sent([change])] : []), ...submissions]);
          expect(result.closes).toBe(i === changes);
          const own = result.outcomes.slice(i === changes ? 1 : 0);
          expect(own.map(({ refusal }) => refusal === null)).toEqual(expected);
        }
        const state = (code: string, epoch: number) => onRecord(ledger, code, epoch);
        expect(recordFlaws(ledger.leaves, state, LIED)).toEqual([]);
        for (const code of [...HONEST, ...LIARS])
          for (const epoch of EPOCHS) expect(state(code, epoch) !== null).toBe(known.has(`${code} ${epoch}`));
      }),
      { numRuns: 40 },
    );
    expect(Math.min(count.recorded, count.again, count.refused)).toBeGreaterThan(0);
  });

  it('a planted record is found: of nobody guilty, twice, elsewhere, and none', () => {
    const ledger = begun();
    ledger.run([sent([accusationEntry(PUBLISHER, votes('110000'))])]);
    const state = (code: string, epoch: number) => onRecord(ledger, code, epoch);
    const [first, own] = ledger.leaves as [Uint8Array, Uint8Array];
    expect(recordFlaws(ledger.leaves, state, LIED)).toEqual([]);
    expect(recordFlaws(ledger.leaves, state, new Set(['130000 0']))).toEqual(['110000 0 never lied']);
    expect(recordFlaws([first, own, own], state, LIED)).toEqual([
      '110000 0 is recorded twice',
      'the state has 110000 0 elsewhere',
    ]);
    expect(recordFlaws([own], state, LIED)).toEqual(['the state has 110000 0 elsewhere']);
    expect(recordFlaws([first], state, LIED)).toEqual(['110000 0 has no record']);
  });
});
