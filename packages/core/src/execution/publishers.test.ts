import { beforeEach, describe, expect, it } from 'vitest';
import { decode } from '../encoding/codec.ts';
import type { Entry } from '../records/entry.ts';
import { isGovernance } from '../records/governance.ts';
import { type Profile, profileCodec } from '../records/profile.ts';
import { type PublisherValue, publisherValueCodec, stateName } from '../records/state.ts';
import { wouldRefuse } from './check-submission.ts';
import {
  alteration,
  CARRIER,
  CARRIER_KEY,
  type ChangeOf,
  CLOSE,
  changeEntry,
  enrolment,
  GOVERNED,
  NOTE,
  profileEntry,
} from './testing/governed.ts';
import { B, C, entry, keyOf, PlainLedger, STRANGER, submission, TIME, unwrap } from './testing/ledger.ts';
import { action, field } from './testing/profiles.ts';

const DAY = 86_400_000;
let ledger: PlainLedger;
beforeEach(() => {
  ledger = new PlainLedger(GOVERNED);
});

const carried = (entries: readonly Entry[]) =>
  submission(GOVERNED, entries, { publisher: CARRIER, key: CARRIER_KEY });
const first = (result: ReturnType<PlainLedger['run']>) =>
  result.outcomes[0]!.refusal?.code ?? result.outcomes[0]!.first;
const change = (over: ChangeOf, approvers?: readonly string[]) =>
  first(ledger.run([carried([changeEntry(over, approvers)])]));
const open = (publisher: string, id: string, over: Partial<Entry> = {}) =>
  entry(id, { subject: { issuer: publisher, id }, ...over });
const record = (publisher: string, id: string, key = keyOf(publisher), over: Partial<Entry> = {}) =>
  first(ledger.run([submission(GOVERNED, [open(publisher, id, over)], { publisher, key })]));
const publisher = (id: string): PublisherValue | null => {
  const bytes = ledger.value(stateName('publisher', id));
  return bytes === null ? null : unwrap(decode(publisherValueCodec, bytes));
};
const role = (profile: string, name: 'issuer' | 'actor' | 'supervisor') => ({ profile, role: name });

describe('a change of publishers', () => {
  it('enrols one that records from the next submission on, of the same block too', () => {
    expect(record(B, 'early')).toBe('unknown-publisher');
    const result = ledger.run([
      carried([changeEntry({ enrolled: [enrolment({ quota: 7 })] })]),
      submission(GOVERNED, [open(B, 'a')], { publisher: B }),
    ]);
    expect(result.outcomes.map(({ first: at }) => at)).toEqual([0, 1]);
    expect(publisher(B)).toMatchObject({ home: '110000', status: 'active', quota: 7, used: 1, changed: 0 });
  });

  it('does not enrol a number of a person in a name', () => {
    for (const name of ['张三 11010519491231002X', '演示公司（138-0013-8000）'])
      expect(change({ enrolled: [enrolment({ name })] })).toBe('personal-data');
    expect(change({ enrolled: [enrolment({ name: `演示公司 ${B}` })] })).toBe(0);
  });

  it('does not enrol a name that bears a 密级', () => {
    expect(change({ enrolled: [enrolment({ name: '演示局【机密★10年】' })] })).toBe('secret-document');
    expect(change({ enrolled: [enrolment({ name: '演示市国家秘密载体销毁中心' })] })).toBe(0);
  });

  it('needs its home member alone, and a quorum for a home that does not vote or did not sign', () => {
    expect(change({ enrolled: [enrolment()] })).toBe(0);
    expect(change({ home: '120000', enrolled: [enrolment({ id: C })] }, ['110000'])).toBe(
      'governance-approvals',
    );
    expect(change({ home: '120000', enrolled: [enrolment({ id: C })] }, ['110000', '130000', '140000'])).toBe(
      1,
    );
  });

  it('suspends, and what was recorded before stays; reinstates; and re-keys, and the old key is refused', () => {
    change({ enrolled: [enrolment()] });
    expect(record(B, 'a')).toBe(1);
    const waiting = submission(GOVERNED, [open(B, 'b')], { publisher: B });
    expect(change({ altered: [alteration(0, { status: 'suspended' })] })).toBe(2);
    expect(first(ledger.run([waiting]))).toBe('publisher-suspended');
    expect(publisher(B)).toMatchObject({ status: 'suspended', seq: 1, head: 1 });
    expect(change({ altered: [alteration(2, { status: 'active' })] })).toBe(3);
    expect(record(B, 'b')).toBe(4);
    expect(change({ altered: [alteration(3, { keys: [keyOf(B, 1)] })] })).toBe(5);
    expect(record(B, 'c')).toBe('wrong-key');
    expect(record(B, 'c', keyOf(B, 1))).toBe(6);
    expect(publisher(B)).toMatchObject({ seq: 3, head: 6, changed: 5 });
  });

  it('of one that the genesis enrols follows nothing', () => {
    expect(change({ altered: [alteration(null, { id: CARRIER, quota: 9 })] })).toBe(0);
    expect(publisher(CARRIER)).toMatchObject({ quota: 9, changed: 0, seq: 1, head: 0, used: 1 });
  });

  it('comes once, and an older one never after a newer one', () => {
    change({ enrolled: [enrolment()] });
    const kept = changeEntry({ altered: [alteration(1, { status: 'active' })] });
    expect(change({ altered: [alteration(0, { status: 'suspended' })] })).toBe(1);
    const reinstated = changeEntry({ altered: [alteration(1, { status: 'active', quota: 5 })] });
    expect(first(ledger.run([carried([reinstated])]))).toBe(2);
    expect(first(ledger.run([carried([reinstated])]))).toBe('governance-malformed');
    expect(change({ altered: [alteration(2, { status: 'suspended' })] })).toBe(3);
    expect(first(ledger.run([carried([reinstated])]))).toBe('governance-malformed');
    // Approved when the first reinstatement was, and held back: nobody recorded it.
    expect(first(ledger.run([carried([kept])]))).toBe('governance-publishers');
    expect(publisher(B)?.status).toBe('suspended');
  });

  it('is no barrier, and names each publisher once in a submission', () => {
    const one = changeEntry({ enrolled: [enrolment()] });
    const two = changeEntry({ enrolled: [enrolment({ quota: 3 })] });
    expect(isGovernance({ entries: [one, profileEntry(NOTE)] })).toBe(false);
    expect(ledger.run([carried([one, two])]).outcomes[0]?.refusal).toMatchObject({
      code: 'governance-publishers',
      entry: 1,
    });
    const other = changeEntry({ enrolled: [enrolment({ id: C })] });
    expect(first(ledger.run([carried([one, other])]))).toBe(0);
  });

  it.each<[string, ChangeOf, (readonly string[])?]>([
    ['governance-publishers', { enrolled: [enrolment({ id: CARRIER })] }],
    ['governance-publishers', { altered: [alteration(null, { status: 'suspended' })] }],
    ['governance-publishers', { altered: [alteration(3, { id: CARRIER, quota: 1 })] }],
    ['governance-publishers', { home: '120000', altered: [alteration(null, { id: CARRIER, quota: 1 })] }],
    ['governance-publishers', { enrolled: [enrolment({ roles: [role('nothing', 'issuer')] })] }],
    [
      'governance-publishers',
      { altered: [alteration(null, { id: CARRIER, roles: [role('nothing', 'actor')] })] },
    ],
    ['governance-members', { home: '990000', enrolled: [enrolment()] }],
    ['governance-epoch', { epoch: 1, enrolled: [enrolment()] }],
    ['governance-malformed', { carrier: STRANGER, enrolled: [enrolment()] }],
    ['governance-malformed', {}],
    ['governance-malformed', { altered: [alteration(null, { id: CARRIER })] }],
    ['governance-malformed', { enrolled: [enrolment({ id: B }), enrolment({ id: C })] }],
    ['governance-approvals', { enrolled: [enrolment()] }, []],
    ['governance-approvals', { enrolled: [enrolment()] }, ['120000']],
    ['governance-approvals', { enrolled: [enrolment()] }, ['110000', '120000']],
  ])('is refused as %s: %j', (code, over, approvers) => {
    const make = () => carried([changeEntry(over, approvers)]);
    if (code === 'governance-malformed' && over.carrier === undefined) {
      // Such a change has no encoding, so nobody signs one.
      expect(make).toThrow();
      return;
    }
    const own = make();
    expect(wouldRefuse(own, TIME + 1000, ledger, ledger)).toMatchObject({ code, entry: 0 });
    const { outcomes, leaves, changes } = ledger.run([own]);
    expect([outcomes[0]?.refusal?.code, leaves.length, changes.length]).toEqual([code, 0, 1]);
  });

  it('with a signature by another key is refused', () => {
    const own = changeEntry({ enrolled: [enrolment()] });
    const other = changeEntry({ enrolled: [enrolment({ quota: 1 })] });
    const meta = new Map([...own.meta, ['approvals', other.meta.get('approvals')!] as const]);
    expect(first(ledger.run([carried([{ ...own, meta }])]))).toBe('governance-approvals');
  });
});

describe('roles', () => {
  const roles = (...list: ReturnType<typeof role>[]) =>
    change({ enrolled: [enrolment({ id: C }), enrolment({ roles: list })] });
  const on = (id: string, name: string, prev: number, issuer: string = C) =>
    first(
      ledger.run([
        submission(GOVERNED, [entry(id, { subject: { issuer, id }, action: name, prev })], { publisher: B }),
      ]),
    );

  it('of an actor are acts on what others began, and nothing begun', () => {
    roles(role('note', 'actor'));
    expect(record(C, 'theirs')).toBe(1);
    expect(record(B, 'own')).toBe('not-entitled');
    expect(on('theirs', 'comment', 1)).toBe(2);
    expect(on('theirs', 'inspect', 2)).toBe('not-entitled');
    expect(record(B, 'own', keyOf(B), { profile: 'strict' })).toBe('profile-not-allowed');
  });

  it('of a supervisor are what is for the home member, of issuers of its own home', () => {
    roles(role('note', 'supervisor'));
    expect(record(C, 'theirs')).toBe(1);
    expect(record(CARRIER, 'other', CARRIER_KEY)).toBe(2);
    expect(on('theirs', 'comment', 1)).toBe('not-entitled');
    expect(on('theirs', 'inspect', 1)).toBe(3);
    expect(on('other', 'inspect', 2, CARRIER)).toBe(4);
    expect(record(B, 'own')).toBe('not-entitled');
  });

  it('of a supervisor end at the border of its home', () => {
    roles(role('note', 'supervisor'));
    change({ home: '120000', enrolled: [enrolment({ id: STRANGER })] }, ['120000']);
    expect(record(STRANGER, 'elsewhere')).toBe(2);
    expect(on('elsewhere', 'inspect', 2, STRANGER)).toBe('not-entitled');
  });

  it('may be several in one profile, and an issuer without another supervises nobody', () => {
    roles(role('note', 'issuer'), role('note', 'supervisor'));
    expect(record(B, 'own')).toBe(1);
    expect(on('own', 'inspect', 1, B)).toBe(2);
    expect(record(C, 'theirs')).toBe(3);
    const inspects = entry('theirs', { subject: { issuer: C, id: 'theirs' }, action: 'inspect', prev: 3 });
    expect(first(ledger.run([submission(GOVERNED, [inspects], { publisher: C })]))).toBe('not-entitled');
  });
});

describe('a quota', () => {
  const at = (count: number, time: number) =>
    first(
      ledger.run(
        [
          submission(
            GOVERNED,
            Array.from({ length: count }, (_, i) => open(B, `${time} ${i}`)),
            { publisher: B, issuedAt: TIME + time, expires: TIME + time + 1000 },
          ),
        ],
        time,
      ),
    );
  // Midnight in UTC+8 after the genesis.
  const midnight = DAY - ((TIME + 8 * 3_600_000) % DAY);

  it('bounds the records of a day in UTC+8, all of a submission or none', () => {
    change({ enrolled: [enrolment({ quota: 3 })] });
    expect(at(2, midnight - 900)).toBe(1);
    expect(at(2, midnight - 800)).toBe('daily-quota');
    expect(at(1, midnight - 700)).toBe(3);
    expect(at(1, midnight - 1)).toBe('daily-quota');
    expect(at(3, midnight)).toBe(4);
    expect(at(1, midnight + 1)).toBe('daily-quota');
    expect(publisher(B)).toMatchObject({ quota: 3, used: 3, seq: 6 });
    const sent = submission(GOVERNED, [open(B, 'x')], { publisher: B, expires: TIME + DAY });
    expect(wouldRefuse(sent, TIME + midnight + 2, ledger, ledger)?.code).toBe('daily-quota');
  });

  it('can be raised and lifted, and what was made that day counts', () => {
    change({ enrolled: [enrolment({ quota: 1 })] });
    expect(at(1, 1000)).toBe(1);
    change({ altered: [alteration(0, { quota: 2 })] });
    expect(at(2, 1100)).toBe('daily-quota');
    expect(at(1, 1200)).toBe(3);
    change({ altered: [alteration(2, { quota: 0 })] });
    expect(at(500, 1300)).toBe(5);
  });
});

describe('a profile', () => {
  const define = (over: Partial<Profile>, approvers?: readonly string[]) =>
    first(ledger.run([carried([profileEntry({ ...NOTE, ...over }, approvers)])]));
  const stored = (name: string) => unwrap(decode(profileCodec, ledger.value(stateName('profile', name))!));

  it('is defined, and used from the next submission on; its next version takes its place', () => {
    change({ enrolled: [enrolment()] });
    expect(record(B, 'a', keyOf(B), { profile: 'fresh' })).toBe('unknown-profile');
    const result = ledger.run([
      carried([profileEntry({ ...NOTE, name: 'fresh' })]),
      submission(GOVERNED, [open(B, 'a', { profile: 'fresh' })], { publisher: B }),
      carried([profileEntry({ ...NOTE, name: 'fresh', version: 2, actions: [action('begin'), CLOSE] })]),
      submission(GOVERNED, [open(B, 'b', { profile: 'fresh' })], { publisher: B }),
      submission(GOVERNED, [open(B, 'b', { profile: 'fresh', action: 'begin' })], { publisher: B }),
    ]);
    expect(result.outcomes.map(({ refusal, first: at }) => refusal?.code ?? at)).toEqual([
      1,
      2,
      3,
      'unknown-action',
      4,
    ]);
    expect(stored('fresh').version).toBe(2);
    // One value under one name, however often a block defines it.
    const names = result.changes.map(([name]) => String(name));
    expect(new Set(names).size).toBe(names.length);
    expect(record(B, 'c', keyOf(B), { profile: 'fresh', action: 'begin' })).toBe(5);
  });

  it.each<[string, Parameters<typeof define>[0], (readonly string[])?]>([
    ['governance-approvals', { version: 2 }, ['110000']],
    ['governance-approvals', { version: 2 }, ['110000', '120000']],
    ['governance-profile', { version: 1 }],
    ['governance-profile', { version: 3 }],
    ['governance-profile', { version: 2, privacy: 'sealed' }],
    [
      'governance-profile',
      {
        version: 2,
        states: NOTE.states.filter(({ name }) => name === 'open'),
        actions: [action('open')],
      },
    ],
    [
      'governance-profile',
      { version: 2, states: NOTE.states.map(state => ({ ...state, standing: 'in-force' as const })) },
    ],
    ['governance-profile', { name: 'fresh', actions: [action('go', { from: ['open'] })] }],
    ['governance-profile', { name: 'governance' }],
  ])('is refused as %s', (code, over, approvers) => {
    expect(define(over, approvers)).toBe(code);
    expect(stored('note').version).toBe(1);
  });

  it('goes on naming its subjects by the same fields, or begins to', () => {
    const code = { ...field('code'), required: true };
    const named = { namedBy: ['code'], actions: [action('open', { fields: [code] }), CLOSE] };
    expect(define({ ...named, version: 2 })).toBe(0);
    expect(define({ ...named, namedBy: undefined as never, version: 3 })).toBe('governance-profile');
    expect(define({ ...named, version: 3 })).toBe(1);
  });

  it('may be called otherwise in its next version, and have further states and other actions', () => {
    const title = { zh: '另一名称', en: 'Another name' };
    const states = [
      ...NOTE.states.map(state => ({ ...state, title })),
      { name: 'frozen', title, standing: 'suspended' as const },
    ];
    const actions = [...NOTE.actions.slice(1), action('open', { title }), action('freeze', { to: 'frozen' })];
    expect(define({ version: 2, title, states, actions })).toBe(0);
    expect(stored('note').states).toHaveLength(NOTE.states.length + 1);
  });

  it('comes once', () => {
    const own = profileEntry({ ...NOTE, version: 2 });
    expect(first(ledger.run([carried([own])]))).toBe(0);
    expect(first(ledger.run([carried([own])]))).toBe('governance-malformed');
    const wrong = { ...own, subject: { ...own.subject, id: 'profile note 3' } };
    expect(first(ledger.run([carried([wrong])]))).toBe('governance-malformed');
  });
});
