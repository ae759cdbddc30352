import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../encoding/bytes.ts';
import { decode, encode } from '../encoding/codec.ts';
import {
  FIELD_TYPES,
  FILE_RULES,
  type LinkRule,
  type Profile,
  type ProfileAction,
  profileCodec,
  STANDINGS,
} from './profile.ts';
import { profileFlaw } from './profile-flaw.ts';
import { damage, damaged, identifierArb, plain } from './testing/arbitraries.ts';

const title = { zh: '标题', en: 'Title' };
const state = (name: string) => ({ name, title, standing: 'in-force' as const });
const action = (name: string, from: readonly string[], to: string): ProfileAction => ({
  name,
  title,
  from,
  to,
  by: 'issuer',
  digest: 'required',
  fields: [],
  links: [],
});
const field = (name: string) => ({ name, title, type: 'text' as const, max: 10, required: true });
const profile: Profile = {
  v: 1,
  name: 'policy',
  version: 1,
  title,
  privacy: 'public',
  personal: 'allowed',
  states: [state('in-force'), { ...state('repealed'), standing: 'repealed' }],
  actions: [action('publish', ['none'], 'in-force'), action('repeal', ['in-force'], 'repealed')],
};

const titleArb = fc.record({ zh: plain(128, 1), en: plain(128, 1) });
const wholeArb = fc.record({
  v: fc.constant(1 as const),
  name: identifierArb,
  version: fc.nat(1_000_000),
  title: titleArb,
  privacy: fc.constantFrom('public', 'sealed'),
  personal: fc.constantFrom('allowed', 'refused'),
  states: fc.array(
    fc.record({ name: identifierArb, title: titleArb, standing: fc.constantFrom(...STANDINGS) }),
    { minLength: 1, maxLength: 4 },
  ),
  actions: fc.array(
    fc.record({
      name: identifierArb,
      title: titleArb,
      from: fc.array(identifierArb, { minLength: 1, maxLength: 3 }),
      to: identifierArb,
      by: fc.constantFrom('issuer', 'home-member', 'any-publisher', 'named'),
      digest: fc.constantFrom(...FILE_RULES),
      fields: fc.array(
        fc.record({
          name: identifierArb,
          title: titleArb,
          type: fc.constantFrom(...FIELD_TYPES),
          max: fc.nat(8192),
          required: fc.boolean(),
        }),
        { maxLength: 3 },
      ),
      links: fc.array(
        fc.record({
          rel: identifierArb,
          profile: identifierArb,
          required: fc.boolean(),
          states: fc.array(identifierArb, { maxLength: 2 }),
          owner: fc.boolean(),
        }),
        {
          maxLength: 2,
        },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  namedBy: fc.array(identifierArb, { minLength: 1, maxLength: 3 }),
});
const profileArb: fc.Arbitrary<Profile> = fc.oneof(
  wholeArb,
  wholeArb.map(({ namedBy: _, ...profile }) => profile),
);

describe('profiles', () => {
  it('are read back, from one encoding, and damage never throws', () => {
    fc.assert(
      fc.property(profileArb, damage, (value, how) => {
        const bytes = encode(profileCodec, value);
        expect(decode(profileCodec, bytes)).toEqual({ ok: true, value });
        const changed = damaged(bytes, how);
        const read = decode(profileCodec, changed);
        if (read.ok) expect(toHex(encode(profileCodec, read.value))).toBe(toHex(changed));
      }),
      { numRuns: 150 },
    );
  });

  it('are sound when every name is known and a history can begin', () => {
    expect(profileFlaw(profile)).toBeNull();
  });

  const [publish, repeal] = profile.actions as [ProfileAction, ProfileAction];
  const linked = (over: Partial<LinkRule>) => ({
    rel: 'based-on',
    profile: 'policy',
    required: false,
    states: [],
    owner: false,
    ...over,
  });
  const owner = { ...field('owner'), type: 'uscc' as const };
  const issuers = { ...field('issuers'), type: 'issuers' as const };
  const countersign: ProfileAction = { ...action('countersign', ['waiting'], 'in-force'), by: 'named' };
  const joint = {
    states: [...profile.states, { ...state('waiting'), standing: 'awaiting' as const }],
    actions: [{ ...publish, fields: [issuers] }, repeal, countersign],
  };
  const jointWith = (over: Partial<ProfileAction>) => ({
    ...joint,
    actions: [...joint.actions.slice(0, 2), { ...countersign, ...over }],
  });

  it('may issue jointly, name an owner or link by state', () => {
    expect(profileFlaw({ ...profile, ...joint })).toBeNull();
    const apart = { ...jointWith({ to: 'joint' }), states: [...joint.states, state('joint')] };
    expect(profileFlaw({ ...profile, ...apart })).toBeNull();
    const named = { ...repeal, by: 'named' as const };
    expect(profileFlaw({ ...profile, actions: [{ ...publish, fields: [owner] }, named] })).toBeNull();
    const links = [
      linked({ owner: true, states: ['in-force'] }),
      linked({ profile: 'other', states: ['x'] }),
    ];
    expect(profileFlaw({ ...profile, actions: [{ ...publish, links }, named] })).toBeNull();
    const alone = { ...countersign, name: 'sign', by: 'issuer' as const };
    expect(
      profileFlaw({ ...profile, ...joint, actions: [action('ask', ['none'], 'waiting'), alone, repeal] }),
    ).toBeNull();
  });

  it('may enclose files in every action where their subjects have no text', () => {
    const actions = [
      { ...publish, digest: 'enclosed' as const },
      { ...repeal, digest: 'may-enclose' as const },
    ];
    expect(profileFlaw({ ...profile, actions })).toBeNull();
    expect(profileFlaw({ ...profile, actions: [publish, actions[1]!] })).toBeNull();
  });

  const named = (over: Partial<ProfileAction['fields'][number]>, namedBy = ['a']) => {
    const fields = [{ ...field('a'), type: 'code' as const, ...over }];
    return { namedBy, actions: [{ ...publish, fields }, repeal] };
  };

  it('may name their subjects by fields that every history begins with', () => {
    expect(profileFlaw({ ...profile, ...named({}) })).toBeNull();
  });

  it.each<[string, Partial<Profile>, string]>([
    ['what names its subjects twice', named({}, ['a', 'a']), 'named twice'],
    ['what is not there', named({}, ['b']), 'does not require b'],
    ['what may be left out', named({ required: false }), 'does not require a'],
    ['what is written in several ways', named({ type: 'text' }), 'a text can be written in several ways'],
    ['what is under seal', { ...named({}), privacy: 'sealed' }, 'ids that tell nothing'],
    ['a state twice', { states: [...profile.states, state('in-force')] }, 'a state is named twice'],
    ['a state none', { states: [...profile.states, state('none')] }, 'none is reserved'],
    [
      'a history that begins with an enclosure to no text',
      { actions: [{ ...publish, digest: 'may-enclose' }, repeal] },
      'action publish begins a history',
    ],
    [
      'a state that poses as another standing',
      {
        states: [...profile.states.slice(0, -1), { ...profile.states.at(-1)!, standing: 'in-force' }],
      },
      'state repealed is named like a standing and means in-force',
    ],
    [
      'a last day in force of what is not',
      {
        states: [...profile.states, { ...state('held'), standing: 'suspended' as const }],
        actions: [
          publish,
          action('hold', ['in-force'], 'held'),
          { ...repeal, from: ['in-force', 'held'], fields: [{ ...field('expires'), type: 'date' }] },
        ],
      },
      'names the last day in force of what is not in force: held',
    ],
    ['an action twice', { actions: [publish, repeal, repeal] }, 'an action is named twice'],
    ['an unknown end', { actions: [publish, action('x', ['none'], 'nowhere')] }, 'unknown state nowhere'],
    ['none as an end', { actions: [publish, action('x', ['in-force'], 'none')] }, 'unknown state none'],
    [
      'an unknown start',
      { actions: [publish, action('x', ['nowhere'], 'repealed')] },
      'unknown state nowhere',
    ],
    ['a field twice', { actions: [{ ...publish, fields: [field('a'), field('a')] }] }, 'names a field twice'],
    ['no beginning', { actions: [repeal] }, 'no action begins'],
    [
      'a start twice',
      { actions: [publish, { ...repeal, from: ['in-force', 'in-force'] }] },
      'starts from a state twice',
    ],
    ['a state that nothing leads to', { actions: [publish] }, 'no action leads to state repealed'],
    [
      'states that lead to each other alone',
      {
        states: [...profile.states, state('a'), state('b')],
        actions: [publish, repeal, action('x', ['a'], 'b'), action('y', ['b'], 'a')],
      },
      'no action leads to state a',
    ],
    [
      'a relation to one profile twice',
      { actions: [{ ...publish, links: [linked({}), linked({ states: ['in-force'] })] }, repeal] },
      'a relation to one profile twice',
    ],
    [
      'a link to an unknown state of its own',
      { actions: [{ ...publish, links: [linked({ states: ['void'] })] }, repeal] },
      'links to unknown state void',
    ],
    [
      'an action for an owner that nothing names',
      { actions: [publish, { ...repeal, by: 'named' }] },
      'no action names one',
    ],
    [
      'two owners',
      { actions: [{ ...publish, fields: [owner], links: [linked({ owner: true })] }, repeal] },
      'the owner from two places',
    ],
    [
      'a joint issue under seal',
      { privacy: 'sealed', actions: [{ ...publish, fields: [issuers] }, repeal] },
      'cannot be sealed',
    ],
    [
      'a sealed link by state',
      { privacy: 'sealed', actions: [{ ...publish, links: [linked({ states: ['in-force'] })] }, repeal] },
      'is hidden',
    ],
    [
      'a sealed field named like a place',
      { privacy: 'sealed', actions: [{ ...publish, fields: [field('digest')] }, repeal] },
      "digest is no field's name",
    ],
    [
      'a joint issue without a state that awaits',
      { actions: [{ ...publish, fields: [issuers] }, repeal] },
      'exactly one state',
    ],
    [
      'a joint issue without countersign',
      { ...joint, actions: joint.actions.slice(0, 2) },
      'needs an action countersign',
    ],
    ['countersign by others', jointWith({ by: 'any-publisher' }), 'needs an action countersign'],
    [
      'countersign from elsewhere',
      jointWith({ from: ['waiting', 'in-force'] }),
      'needs an action countersign',
    ],
    ['countersign without a file', jointWith({ digest: 'optional' }), 'needs an action countersign'],
    [
      'countersign that gives the subject away',
      jointWith({ fields: [owner] }),
      'needs an action countersign',
    ],
    [
      'countersign to a state that means something else',
      {
        ...jointWith({ to: 'gone' }),
        states: [...joint.states, { ...state('gone'), standing: 'ended' as const }],
      },
      'publish leads to in-force',
    ],
    [
      'another way to wait',
      { ...joint, actions: [...joint.actions, action('wait', ['in-force'], 'waiting')] },
      'only a list of issuers does',
    ],
    [
      'a joint issue of no file',
      { ...joint, actions: [{ ...joint.actions[0]!, digest: 'optional' }, ...joint.actions.slice(1)] },
      'no file for them to sign',
    ],
    [
      'two lists of issuers',
      {
        ...joint,
        actions: [
          { ...joint.actions[0]!, fields: [issuers, { ...issuers, name: 'b' }] },
          ...joint.actions.slice(1),
        ],
      },
      'two lists of issuers',
    ],
    ['the name of the built-in one', { name: 'governance' }, 'governance is built in'],
  ])('with %s are not', (_, change, flaw) => {
    expect(profileFlaw({ ...profile, ...change })).toContain(flaw);
  });
});
