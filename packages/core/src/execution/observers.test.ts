import { beforeEach, describe, expect, it } from 'vitest';
import { EpochLedger } from '../../../../tests/fixtures/epoch-ledger.ts';
import { portableHasher } from '../crypto/hasher.ts';
import { portableSuite } from '../crypto/suite.ts';
import { decode, encode } from '../encoding/codec.ts';
import { changedObservers } from '../ledger/check-observers.ts';
import { admissionCodec, admissionEntry } from '../records/admission.ts';
import type { Entry } from '../records/entry.ts';
import { isGovernance } from '../records/governance.ts';
import { membershipChangeCodec } from '../records/membership.ts';
import { isObserverCode } from '../records/names.ts';
import { MAX_OBSERVERS, observerChangeCodec } from '../records/observers.ts';
import { memberValueCodec, type ObserversValue, observersValueCodec, stateName } from '../records/state.ts';
import { wouldRefuse } from './check-submission.ts';
import { rebuild } from './rebuild.ts';
import { approvals, CARRIER, CARRIER_KEY, GOVERNED } from './testing/governed.ts';
import { PlainLedger, submission, TIME, unwrap } from './testing/ledger.ts';
import { observer, observerChange, observerEntry } from './testing/observed.ts';

const KUNMING = '530100';
const DALI = '532900';
const COURT = '11430000006122244L';
let ledger: PlainLedger;
beforeEach(() => {
  ledger = new PlainLedger(GOVERNED);
});

const carried = (entries: readonly Entry[]) =>
  submission(GOVERNED, entries, { publisher: CARRIER, key: CARRIER_KEY });
const run = (...entries: readonly Entry[]) => {
  const [outcome] = ledger.run([carried(entries)]).outcomes;
  return outcome!.refusal?.code ?? outcome!.first;
};
const change = (over: Parameters<typeof observerEntry>[0], approvers?: readonly string[]) =>
  run(observerEntry(over, approvers));
const held = (): ObserversValue | null => {
  const bytes = ledger.value(stateName('observers'));
  return bytes === null ? null : unwrap(decode(observersValueCodec, bytes));
};
const codes = () => held()?.observers.map(({ code }) => code);
const member = (code: string) => unwrap(decode(memberValueCodec, ledger.value(stateName('member', code))!));
/** Cities that there could be: as many as may be, and more. */
const cities = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => observer(String(530_100 + from + i)));

describe('a code', () => {
  it('of a city, a county or a court is an observer’s, that of a province a member’s', () => {
    expect([KUNMING, DALI, '530102', COURT].map(isObserverCode)).toEqual([true, true, true, true]);
    const others = ['530000', '110000', '53010', '5301000', '030100', '11430000006122244X', ''];
    expect(others.map(isObserverCode)).toEqual(others.map(() => false));
  });
});

describe('observers', () => {
  it('are not in the state of a chain that admitted none', () => {
    expect(held()).toBeNull();
  });

  it('are admitted, several of one province, with new keys if they are there, and let go', () => {
    expect(change({ admitted: [observer(KUNMING), observer(DALI)] })).toBe(0);
    expect(change({ admitted: [observer(COURT)] })).toBe(1);
    expect(held()).toEqual({
      removal: null,
      observers: [observer(COURT), observer(KUNMING), observer(DALI)],
    });
    const moved = observer(DALI, { p2pKey: observer('532901').p2pKey, addresses: [] });
    expect(change({ admitted: [moved] })).toBe(2);
    expect(held()!.observers[2]).toEqual(moved);
    expect(change({ admitted: [observer('530300')], removed: [COURT, KUNMING] })).toBe(3);
    expect(held()).toEqual({ removal: 3, observers: [observer('530300'), moved] });
    for (const { code } of GOVERNED.genesis.members)
      expect(member(code).p2pKey).toEqual(GOVERNED.genesis.members.find(one => one.code === code)!.p2pKey);
  });

  it('have no number of a person in their names', () => {
    expect(change({ admitted: [observer(KUNMING, { name: '昆明 13800138000' })] })).toBe('personal-data');
    expect(change({ admitted: [observer(KUNMING, { name: '昆明（秘密）' })] })).toBe('secret-document');
  });

  it('come back after they left, and what was approved before that cannot undo it', () => {
    const first = { admitted: [observer(KUNMING)] };
    const kept = observerEntry({ admitted: [observer(KUNMING), observer(DALI)] });
    expect(change(first)).toBe(0);
    expect(change(first)).toBe('governance-malformed');
    expect(change({ removed: [KUNMING] })).toBe(1);
    expect(run(kept)).toBe('governance-observers');
    expect(codes()).toEqual([]);
    expect(change({ ...first, after: 1 })).toBe(2);
    expect(change({ removed: [KUNMING] })).toBe('governance-malformed');
    expect(change({ after: 1, removed: [KUNMING] })).toBe(3);
    expect(held()).toEqual({ removal: 3, observers: [] });
  });

  it('are as many as the state has room for, in a few records', () => {
    for (let from = 0; from < MAX_OBSERVERS; from += 32)
      expect(change({ admitted: cities(from, 32) })).toBe(from / 32);
    expect(change({ admitted: cities(MAX_OBSERVERS, 1) })).toBe('governance-observers');
    expect(change({ admitted: cities(MAX_OBSERVERS, 1), removed: [KUNMING] })).toBe(8);
    expect(codes()).toHaveLength(MAX_OBSERVERS);
  });

  it('fit into one part of a snapshot however large each is', () => {
    const largest = Array.from({ length: MAX_OBSERVERS }, (_, i) =>
      observer(String(530_100 + i), {
        name: 'x'.repeat(64),
        addresses: ['x'.repeat(128), 'y'.repeat(128)],
      }),
    );
    const value = { removal: Number.MAX_SAFE_INTEGER, observers: largest };
    expect(encode(observersValueCodec, value).length).toBeLessThan(100 * 1024);
  });

  it('are under the roots that a naive rebuild works out', () => {
    const full = new EpochLedger(GOVERNED);
    full.run([observerEntry({ admitted: [observer(COURT), observer(KUNMING)] })]);
    full.run([observerEntry({ removed: [COURT] })]);
    const blocks = full.blocks.map(({ header, submission: one }) => ({ header, submissions: [one] }));
    expect(unwrap(decode(observersValueCodec, full.value(stateName('observers'))!))).toEqual({
      removal: 1,
      observers: [observer(KUNMING)],
    });
    let height = 0;
    for (const { text } of rebuild(GOVERNED, portableSuite, blocks))
      expect(text).toBe(full.blocks[height++]!.text);
    expect(height).toBe(2);
  });

  it('change at a barrier, as those who may connect do then', () => {
    expect(isGovernance(carried([observerEntry({ admitted: [observer(KUNMING)] })]))).toBe(true);
    const { closes } = ledger.run([carried([observerEntry({ admitted: [observer(KUNMING)] })])]);
    expect(closes).toBe(false);
  });

  it('never vote: neither an approval nor a change of the validators can name one', () => {
    change({ admitted: [observer(KUNMING)] });
    expect(() => change({ admitted: [observer(DALI)] }, ['110000', '120000', KUNMING])).toThrow(RangeError);
    const joins = { v: 1 as const, epoch: 0, members: [{ code: KUNMING, validator: null }] };
    expect(() => encode(membershipChangeCodec, joins)).toThrow(RangeError);
  });
});

describe('a change of observers', () => {
  const admitted = [observer(KUNMING)];
  it.each<[what: string, code: string, entries: () => readonly Entry[]]>([
    ['without a quorum', 'governance-approvals', () => [observerEntry({ admitted }, ['110000', '120000'])]],
    ['of another epoch', 'governance-epoch', () => [observerEntry({ admitted, epoch: 1 })]],
    ['by another carrier', 'governance-malformed', () => [observerEntry({ admitted, carrier: COURT })]],
    ['that removes who is not there', 'governance-observers', () => [observerEntry({ removed: [KUNMING] })]],
    [
      'with the key of a member',
      'governance-observers',
      () => [
        observerEntry({ admitted: [observer(KUNMING, { p2pKey: member('120000').p2pKey!.slice(-32) })] }),
      ],
    ],
    [
      'with one key twice',
      'governance-observers',
      () => [
        observerEntry({ admitted: [observer(KUNMING), observer(DALI, { p2pKey: admitted[0]!.p2pKey })] }),
      ],
    ],
    ['after a removal that never was', 'governance-observers', () => [observerEntry({ admitted, after: 7 })]],
    [
      'beside another in one submission',
      'governance-observers',
      () => [observerEntry({ admitted }), observerEntry({ admitted: [observer(DALI)] })],
    ],
  ])('%s is refused', (_, code, entries) => {
    const own = carried(entries());
    expect(wouldRefuse(own, TIME + 1000, ledger, ledger)?.code).toBe(code);
    expect(ledger.run([own]).outcomes[0]?.refusal?.code).toBe(code);
    expect(held()).toBeNull();
  });

  it('with the key of another observer is refused, but for one that leaves by it', () => {
    change({ admitted });
    const taken = [observer(DALI, { p2pKey: admitted[0]!.p2pKey })];
    expect(change({ admitted: taken })).toBe('governance-observers');
    expect(change({ admitted: taken, removed: [KUNMING] })).toBe(1);
  });

  it('gives no member a key that is an observer’s', () => {
    change({ admitted });
    const admission = {
      v: 1 as const,
      epoch: 0,
      carrier: CARRIER,
      contacts: [{ code: '140000', p2pKey: admitted[0]!.p2pKey, addresses: [] }],
    };
    const by = approvals(encode(admissionCodec, admission), ['110000', '120000', '130000']);
    expect(run(admissionEntry(admission, by, portableHasher))).toBe('governance-members');
  });

  it.each<[what: string, over: Parameters<typeof observerChange>[0]]>([
    ['of nobody', {}],
    ['with a code of a member', { admitted: [observer('530000')] }],
    ['out of order', { admitted: [observer(DALI), observer(KUNMING)] }],
    ['that names one twice', { removed: [KUNMING, KUNMING] }],
    ['that admits and removes one', { admitted, removed: [KUNMING] }],
    ['with three addresses', { admitted: [observer(KUNMING, { addresses: ['a', 'b', 'c'] })] }],
    ['without a name', { admitted: [observer(KUNMING, { name: '' })] }],
    ['with a key that is too long', { admitted: [observer(KUNMING, { p2pKey: new Uint8Array(36) })] }],
  ])('%s has no bytes', (_, over) => {
    expect(() => encode(observerChangeCodec, observerChange(over))).toThrow();
  });

  it('gives the same observers in whatever order they came', () => {
    const all = [observer(COURT), observer(KUNMING), observer(DALI)];
    const one = (admitted: typeof all) => observerChange({ admitted });
    const together = changedObservers(null, one(all), 0);
    const apart = [2, 0, 1].reduce<ObserversValue | null>(
      (before, i) => changedObservers(before, one([all[i]!]), i),
      null,
    );
    expect(apart).toEqual(together);
  });
});
