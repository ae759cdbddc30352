import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../encoding/bytes.ts';
import { decode, encode } from '../encoding/codec.ts';
import {
  FIELD_TYPES,
  type Profile,
  type ProfileAction,
  profileCodec,
  profileFlaw,
  STANDINGS,
} from './profile.ts';
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
  states: [state('in-force'), state('repealed')],
  actions: [action('publish', ['none'], 'in-force'), action('repeal', ['in-force'], 'repealed')],
};

const titleArb = fc.record({ zh: plain(128, 1), en: plain(128, 1) });
const profileArb: fc.Arbitrary<Profile> = fc.record({
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
      digest: fc.constantFrom('required', 'optional', 'none'),
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
});

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
  it.each<[string, Partial<Profile>, string]>([
    ['a state twice', { states: [...profile.states, state('in-force')] }, 'a state is named twice'],
    ['a state none', { states: [...profile.states, state('none')] }, 'none is reserved'],
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
    ['the name of the built-in one', { name: 'governance' }, 'governance is built in'],
  ])('with %s are not', (_, change, flaw) => {
    expect(profileFlaw({ ...profile, ...change })).toContain(flaw);
  });
});
