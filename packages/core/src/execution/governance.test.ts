import { beforeEach, describe, expect, it } from 'vitest';
import { PUBLISHER, testChain, testEntry, testKey } from '../../../../tests/fixtures/builder.ts';
import { EpochLedger } from '../../../../tests/fixtures/epoch-ledger.ts';
import { epochsGenesis, epochsLedger } from '../../../../tests/fixtures/epochs.ts';
import { portableSuite } from '../crypto/suite.ts';
import { toHex } from '../encoding/bytes.ts';
import { decode, encode } from '../encoding/codec.ts';
import type { Entry } from '../records/entry.ts';
import { isGovernance } from '../records/governance.ts';
import {
  type MemberValue,
  memberValueCodec,
  publisherValueCodec,
  stateName,
  subjectValueCodec,
} from '../records/state.ts';
import { wouldRefuse } from './check-submission.ts';
import { epochAt, epochSet } from './epochs.ts';
import { rebuild } from './rebuild.ts';
import { NOTHING, PlainLedger, submission, TIME, unwrap } from './testing/ledger.ts';

const chain = testChain(epochsGenesis());
const document = new Uint8Array(1);
let ledger: EpochLedger;
let plain: PlainLedger;
// The same first block on both: one makes entries, the other runs blocks of several submissions.
beforeEach(() => {
  ledger = new EpochLedger(chain);
  plain = new PlainLedger(chain);
  ledger.run([testEntry('first', document)]);
  plain.run([sent([testEntry('first', document)])]);
});

const sent = (entries: readonly Entry[]) =>
  submission(chain, entries, { publisher: PUBLISHER, key: testKey('publisher').publicKey });
const joins = (code: string, positions?: readonly number[]) =>
  ledger.changeEntry([{ code, validator: ledger.newValidator(code) }], positions);
const member = (code: string): MemberValue =>
  unwrap(decode(memberValueCodec, plain.value(stateName('member', code))!));

describe('a change of members', () => {
  it('begins the next epoch above its block and says how to reach those who join', () => {
    const before = epochSet(plain, 0);
    expect(member('150000')).toMatchObject({ validator: false, p2pKey: null, addresses: [] });
    const own = sent([joins('150000')]);
    const { closes, leaves, rows, outcomes, dropped } = plain.run([own]);
    expect([closes, leaves.length, dropped]).toEqual([true, 1, []]);
    expect(outcomes).toEqual([{ id: own.id, height: 2, first: 1, count: 1, refusal: null }]);
    // The publisher's first record is listed now that it has a second one.
    expect(rows.map(({ list, index }) => [list, index])).toEqual([['publisher', 0]]);
    const next = epochSet(plain, 1)!;
    expect(next).toMatchObject({ n: 5, start: 3 });
    expect(next.validators.slice(0, 4)).toEqual(before!.validators);
    expect(next.validators[4]).toEqual({
      code: '150000',
      key: testKey('validator 150000').publicKey,
      logKey: testKey('log 150000').publicKey,
    });
    expect(member('150000')).toMatchObject({
      validator: true,
      p2pKey: testKey('p2p 150000').publicKey,
      addresses: ['/dns4/150000.example/tcp/8201'],
    });
    expect(epochSet(plain, 2)).toBeNull();
  });

  it('is a record of its subject and its publisher like any other', () => {
    plain.run([sent([joins('150000')])]);
    const subject = plain.value(stateName('subject', 'governance', PUBLISHER, 'epoch 1'));
    expect(decode(subjectValueCodec, subject!)).toMatchObject({
      value: { state: 'applied', head: 1, version: 1, owner: PUBLISHER, digest: null, validFrom: null },
    });
    const publisher = plain.value(stateName('publisher', PUBLISHER));
    expect(decode(publisherValueCodec, publisher!)).toMatchObject({ value: { seq: 2, head: 1 } });
  });

  it('may be carried by any active publisher, whatever profiles it may use', () => {
    const name = stateName('publisher', PUBLISHER);
    const value = unwrap(decode(publisherValueCodec, plain.value(name)!));
    const put = (over: Partial<typeof value>) =>
      plain.values.set(toHex(name), [name, encode(publisherValueCodec, { ...value, ...over })]);
    put({ roles: [{ profile: 'policy', role: 'issuer' }], status: 'suspended' });
    const suspended = plain.run([sent([joins('150000')])]);
    expect([suspended.closes, suspended.outcomes[0]?.refusal?.code]).toEqual([false, 'publisher-suspended']);
    put({ roles: [{ profile: 'policy', role: 'issuer' }], status: 'active' });
    expect(plain.run([sent([joins('150000')])]).closes).toBe(true);
  });

  it('leaves key and addresses of a member that leaves, and only its vote is gone', () => {
    const before = member('110000');
    plain.run([sent([joins('150000')])]);
    ledger.run([joins('150000')]);
    const leaves = ledger.changeEntry([{ code: '110000', validator: null }]);
    expect(plain.run([sent([leaves])]).closes).toBe(true);
    expect(member('110000')).toEqual({ ...before, validator: false });
    expect(epochSet(plain, 2)?.validators.map(({ code }) => code)).not.toContain('110000');
  });
});

describe('in one block', () => {
  it('the first change ends the epoch, the second is refused, other submissions go on', () => {
    const all = [
      [testEntry('a', document)],
      [joins('150000')],
      [joins('210000')],
      [testEntry('b', document), testEntry('c', document)],
    ].map(sent);
    const { closes, outcomes } = plain.run(all);
    expect(closes).toBe(true);
    expect(outcomes.map(({ first, refusal }) => first ?? refusal?.code)).toEqual([
      1,
      2,
      'governance-epoch',
      3,
    ]);
    expect(epochSet(plain, 1)).toMatchObject({ n: 5, start: 3 });
    expect(epochSet(plain, 2)).toBeNull();
  });

  it('a change is recorded with other entries whole, or refused whole', () => {
    const bad = plain.run([sent([joins('150000'), testEntry('first', document)])]);
    expect([bad.closes, bad.outcomes[0]?.refusal?.entry, epochSet(plain, 1)]).toEqual([false, 1, null]);
    const twice = { ...joins('150000'), subject: { issuer: PUBLISHER, id: 'epoch 2' } };
    const two = plain.run([sent([joins('150000'), twice])]);
    expect([two.closes, two.outcomes[0]?.refusal?.code]).toEqual([false, 'governance-malformed']);
    expect(plain.run([sent([testEntry('a', document), joins('150000')])]).closes).toBe(true);
  });

  it('the same submission again has its first outcome and changes nothing', () => {
    const own = sent([joins('150000')]);
    plain.run([own]);
    const again = plain.run([own]);
    expect(again).toEqual(NOTHING);
  });
});

describe('a refused change', () => {
  it.each<[code: string, entry: () => Entry]>([
    [
      'governance-malformed',
      () => ({ ...joins('150000'), digest: { alg: 'sha256', hash: new Uint8Array(32) } }),
    ],
    ['governance-epoch', () => ({ ...epochsLedger().changeEntry([]) })],
    ['governance-members', () => ledger.changeEntry([{ code: '990000', validator: null }])],
    ['governance-limit', () => ledger.changeEntry([])],
    ['governance-approvals', () => joins('150000', [0, 1])],
    [
      'governance-keys',
      () =>
        ledger.changeEntry([
          { code: '150000', validator: { ...ledger.newValidator('150000'), ...chain.validators[0]! } },
        ]),
    ],
    [
      'governance-possession',
      () => {
        const own = ledger.newValidator('150000');
        const possession = { ...own.possession, height: 5 };
        return ledger.changeEntry([{ code: '150000', validator: { ...own, possession } }]);
      },
    ],
  ])('as %s leaves nothing but its outcome, and is refused when it comes in too', (code, entry) => {
    const own = sent([entry()]);
    expect(wouldRefuse(own, TIME + 1000, plain, plain)).toMatchObject({ code, entry: 0 });
    expect(wouldRefuse(own, TIME + 1000, plain, plain, 2)).toMatchObject({ code, entry: 0 });
    const result = plain.run([own]);
    expect(result.outcomes[0]?.refusal).toMatchObject({ code, entry: 0 });
    expect([result.closes, result.leaves, result.changes.length]).toEqual([false, [], 1]);
    expect(epochSet(plain, 1)).toBeNull();
  });

  it('is none when it comes in without a height', () => {
    const own = sent([joins('150000')]);
    expect(wouldRefuse(own, TIME + 1000, plain, plain)).toBeNull();
    expect(wouldRefuse(own, TIME + 1000, plain, plain, 2)).toBeNull();
    plain.run([own]);
    expect(wouldRefuse(sent([joins('150000')]), TIME + 1000, plain, plain)?.code).toBe('governance-epoch');
  });
});

describe('the sets of a state', () => {
  it('say the epoch of every height', () => {
    const six = epochsLedger();
    const at = [1, 2, 3, 4, 5, 6, 7, 1000].map(height => epochAt(six, height));
    expect(at.map(({ epoch }) => epoch)).toEqual([0, 0, 1, 2, 3, 4, 5, 5]);
    expect(at.map(({ ended }) => ended)).toEqual([true, true, true, true, true, true, false, false]);
    expect(at.map(({ set }) => set.n)).toEqual([4, 4, 5, 6, 7, 7, 6, 6]);
    expect(epochSet(six, 6)).toBeNull();
  });

  it('are under the roots that a naive rebuild works out', () => {
    const six = epochsLedger();
    const blocks = six.blocks.map(({ header, submission: one }) => ({ header, submissions: [one] }));
    let i = 0;
    for (const { text } of rebuild(six.chain, portableSuite, blocks))
      expect(text).toBe(six.blocks[i++]!.text);
    expect(i).toBe(7);
  });

  it('a block is a barrier exactly if it may change them', () => {
    const flag = (entries: readonly Entry[]) => isGovernance(sent(entries));
    expect(flag([testEntry('a', document)])).toBe(false);
    expect(flag([testEntry('a', document), ledger.changeEntry([])])).toBe(true);
  });
});
