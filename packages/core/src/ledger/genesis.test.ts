import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PUBLISHER, testChain, testGenesis, testKey } from '../../../../tests/fixtures/builder.ts';
import { smallPoints } from '../../../../tests/vectors/ed25519-edge.ts';
import { speccheckVectors } from '../crypto/testing/ed25519-vectors.ts';
import { equalBytes, toHex } from '../encoding/bytes.ts';
import { encode } from '../encoding/codec.ts';
import { nativeSuite } from '../native/native-suite.ts';
import type { Profile } from '../records/profile.ts';
import { damage, damaged } from '../records/testing/arbitraries.ts';
import {
  type Genesis,
  type GenesisMember,
  genesisCodec,
  genesisNameFlaw,
  MAX_GENESIS_BYTES,
  publisherKeyFlaw,
  readGenesis,
} from './genesis.ts';

const { hasher } = nativeSuite;
const genesis = testGenesis();
const [first, second, third, fourth] = genesis.members as [
  GenesisMember,
  GenesisMember,
  GenesisMember,
  GenesisMember,
];
const [publisher] = genesis.publishers as [Genesis['publishers'][number]];
const title = { zh: '公文', en: 'Policy' };
const profile = (name: string): Profile => ({
  v: 1,
  name,
  version: 1,
  title,
  privacy: 'public',
  personal: 'allowed',
  states: [{ name: 'in-force', title, standing: 'in-force' }],
  actions: [
    {
      ...{ name: 'publish', title, from: ['none'], to: 'in-force' },
      ...{ by: 'issuer', digest: 'required', fields: [], links: [] },
    },
  ],
});

/** The verdict on a genesis with some fields changed: 'ok', or code and detail. */
function verdict(change: Partial<Genesis>): string {
  const read = readGenesis(encode(genesisCodec, { ...genesis, ...change }), nativeSuite);
  return read.ok ? 'ok' : `${read.fault.code}: ${read.fault.detail}`;
}
const members = (...changed: GenesisMember[]) => verdict({ members: changed });
const onFirst = (change: Partial<GenesisMember>) => members({ ...first, ...change }, second, third, fourth);
const onPublisher = (change: Partial<Genesis['publishers'][number]>) =>
  verdict({ publishers: [{ ...publisher, ...change }] });
const observer = {
  ...{ ...first, code: '660000', validator: false },
  ...{ validatorKey: null, logKey: null, p2pKey: null, addresses: [] },
};

describe('a genesis', () => {
  it('gives the chain its hash, its origin and its validators', () => {
    const chain = testChain(genesis);
    const file = encode(genesisCodec, genesis);
    expect(chain.genesis).toEqual(genesis);
    expect(toHex(chain.hash)).toBe(toHex(hasher.digest(file)));
    expect(chain.origin).toBe(`fixture.qifeng.example/${toHex(chain.hash).slice(0, 32)}`);
    expect(chain.validators).toEqual(
      genesis.members.map(({ code, validatorKey, logKey }) => ({ code, key: validatorKey, logKey })),
    );
  });

  it('may have members that validate nothing, whose keys are not asked for', () => {
    const chain = testChain({ ...genesis, members: [...genesis.members, observer] });
    expect(chain.validators).toHaveLength(4);
    expect(members(...genesis.members, { ...observer, validatorKey: new Uint8Array(32) })).toBe('ok');
  });

  it('may have publishers bound to its profiles', () => {
    expect(
      verdict({
        profiles: [profile('policy')],
        publishers: [{ ...publisher, roles: [{ profile: 'policy', role: 'issuer' }] }],
      }),
    ).toBe('ok');
  });

  it.each<[string, () => string, string]>([
    ['unsorted members', () => members(second, first), 'members must be sorted and named once: 110000'],
    ['a member twice', () => members(first, first), 'members must be sorted'],
    [
      'unsorted profiles',
      () => verdict({ profiles: [profile('b'), profile('a')] }),
      'profiles must be sorted',
    ],
    ['the built-in profile', () => verdict({ profiles: [profile('governance')] }), 'governance is built in'],
    ['a profile twice', () => verdict({ profiles: [profile('a'), profile('a')] }), 'profiles must be sorted'],
    [
      'unsorted publishers',
      () => verdict({ publishers: [{ ...publisher, id: '91350100M000100Y43' }, publisher] }),
      `publishers must be sorted and named once: ${PUBLISHER}`,
    ],
    ['a publisher twice', () => verdict({ publishers: [publisher, publisher] }), 'publishers must be sorted'],
    ['an unknown home', () => onPublisher({ home: '650000' }), 'unknown home 650000'],
    [
      'an unknown profile',
      () => onPublisher({ roles: [{ profile: 'policy', role: 'issuer' }] }),
      'unknown profile policy',
    ],
    ['no validator key', () => onFirst({ validatorKey: null }), 'validator 110000 lacks a key'],
    ['no log key', () => onFirst({ logKey: null }), 'validator 110000 lacks a key'],
    ['no p2p key', () => onFirst({ p2pKey: null }), 'validator 110000 has no p2p key'],
    ['a validator key twice', () => onFirst({ validatorKey: second.validatorKey }), '120000 is used twice'],
    ['a log key that validates', () => onFirst({ logKey: first.validatorKey }), '110000 is used twice'],
    ['a log key twice', () => onFirst({ logKey: fourth.logKey }), '140000 is used twice'],
    ['no validator', () => members(observer), '0 validators, expected 1..100'],
    ['a space in its origin', () => verdict({ originPrefix: 'a b' }), 'space or a plus'],
    ['an ideographic space', () => verdict({ originPrefix: 'a\u3000b' }), 'space or a plus'],
    ['a plus in its origin', () => verdict({ originPrefix: 'a+b' }), 'space or a plus'],
    [
      'a profile that cannot begin',
      () =>
        verdict({
          profiles: [{ ...profile('a'), actions: [{ ...profile('a').actions[0]!, from: ['in-force'] }] }],
        }),
      'no action begins a history',
    ],
  ])('with %s is refused', (_, given, flaw) => {
    expect(given()).toMatch(/^bad-genesis: /);
    expect(given()).toContain(flaw);
  });

  it('refuses keys of small or mixed order, wherever they stand', () => {
    const keys: Uint8Array[] = smallPoints().map(point => new Uint8Array(point.canonical));
    keys.push(speccheckVectors().find(({ isKey, verify }) => verify && !isKey)!.key);
    for (const key of keys) {
      expect(onFirst({ validatorKey: key })).toMatch(/^bad-genesis: a key of 110000/);
      expect(onFirst({ logKey: key })).toMatch(/^bad-genesis: a key of 110000/);
    }
  });

  it('is not asked about numbers of persons and markings in names, of which whoever makes it can ask', () => {
    expect(genesisNameFlaw(genesis)).toBeNull();
    const named = { publishers: [{ ...publisher, name: '张三 11010519491231002X' }] };
    expect(verdict(named)).toBe('ok');
    expect(genesisNameFlaw({ ...genesis, ...named })).toContain(PUBLISHER);
    const secret = { publishers: [{ ...publisher, name: '演示局（机密）' }] };
    expect(genesisNameFlaw({ ...genesis, ...secret })).toContain('密级');
    const [first, ...others] = genesis.members;
    const members = [{ ...first!, nameEn: 'call 138 0013 8000' }, ...others];
    expect(genesisNameFlaw({ ...genesis, members })).toContain(first!.code);
  });

  it('is not asked about the keys of its publishers, of which whoever makes it can ask', () => {
    const keyed = (key: Uint8Array) => ({ publishers: [{ ...publisher, keys: [publisher.keys[0]!, key] }] });
    expect(publisherKeyFlaw(genesis, nativeSuite.verifier)).toBeNull();
    for (const { canonical } of smallPoints()) {
      const change = keyed(new Uint8Array(canonical));
      expect(verdict(change)).toBe('ok');
      expect(publisherKeyFlaw({ ...genesis, ...change }, nativeSuite.verifier)).toContain(PUBLISHER);
    }
    const asked: Uint8Array[] = [];
    const counting = { ...nativeSuite.verifier, isKey: (key: Uint8Array) => asked.push(key) > 0 };
    expect(readGenesis(encode(genesisCodec, genesis), { ...nativeSuite, verifier: counting }).ok).toBe(true);
    expect(asked).toHaveLength(2 * genesis.members.length);
  });

  it('is of the suite that the verifier has', () => {
    expect(verdict({ suite: 'sm2-sm3' })).toBe(
      "wrong-suite: the chain's suite is sm2-sm3, not ed25519-sha256",
    );
    // Before its keys are looked at, which are those of the suite.
    expect(onFirst({ validatorKey: new Uint8Array(32) })).toMatch(/^bad-genesis/);
    const foreign = { ...first, validatorKey: new Uint8Array(32) };
    expect(verdict({ suite: 'sm2-sm3', members: [foreign] })).toMatch(/^wrong-suite/);
  });

  it('is bounded, and its parameters are', () => {
    const codeOf = (bytes: Uint8Array) => {
      const read = readGenesis(bytes, nativeSuite);
      return read.ok ? 'ok' : read.fault.code;
    };
    expect(codeOf(new Uint8Array(MAX_GENESIS_BYTES + 1))).toBe('too-big');
    expect(codeOf(new Uint8Array(0))).toBe('cbor-truncated');
    expect(codeOf(Uint8Array.of(...encode(genesisCodec, genesis), 0))).toBe('cbor-trailing');
    for (const wrong of [{ window: 33 }, { window: 0 }, { term: 0 }, { heartbeatMs: 0 }, { delayMs: -1 }])
      expect(() => verdict({ parameters: { ...genesis.parameters, ...wrong } })).toThrow(RangeError);
    expect(() => verdict({ suite: 'rsa' as never })).toThrow(RangeError);
    expect(() => verdict({ members: [] })).toThrow(RangeError);
    const keys = Array.from({ length: 9 }, (_, i) => testKey(`${i}`).publicKey);
    expect(onPublisher({ keys: keys.slice(1) })).toBe('ok');
    expect(() => onPublisher({ keys })).toThrow(RangeError);
  });

  it('is another chain after any damage that leaves it readable, and never throws', () => {
    const bytes = encode(genesisCodec, genesis);
    const { hash, origin } = testChain(genesis);
    fc.assert(
      fc.property(damage, how => {
        const read = readGenesis(damaged(bytes, how), nativeSuite);
        if (!read.ok) expect(read.fault.code).toMatch(/^(cbor-.*|bad-genesis|wrong-suite)$/);
        else {
          expect(equalBytes(read.value.hash, hash)).toBe(false);
          expect(read.value.origin).not.toBe(origin);
        }
      }),
      { numRuns: 300 },
    );
  });
});
