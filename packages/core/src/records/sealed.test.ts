import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portableHasher } from '../crypto/hasher.ts';
import { concat, toHex } from '../encoding/bytes.ts';
import { decode, encode } from '../encoding/codec.ts';
import { toUtf8 } from '../encoding/utf8.ts';
import { type Entry, entryCodec, metaValueCodec } from './entry.ts';
import {
  type Disclosed,
  isSealed,
  isSealedId,
  type Opening,
  openEntry,
  openingCodec,
  sealEntry,
} from './sealed.ts';
import { entryArb, hash32 } from './testing/arbitraries.ts';

const ID = 'a0'.repeat(32);
const hash = (n: number) => new Uint8Array(32).fill(n);

/** Entries as a sealed profile has them: no field takes a name that is a place of its own. */
const plainArb = entryArb.filter(({ meta }) => !meta.has('origin') && !meta.has('digest'));

function seal(plain: Entry, seed = 0) {
  let n = seed;
  return sealEntry(plain, ID, portableHasher, () => portableHasher.digest(toUtf8(`salt ${n++}`)));
}

/** The same of an entry that has something to open. */
function sealWhole(plain: Entry, seed = 0): { readonly entry: Entry; readonly opening: Opening } {
  const { entry, opening } = seal(plain, seed);
  return { entry, opening: opening! };
}

function opened(entry: Entry, opening: Opening | null): Disclosed {
  const result = openEntry(entry, opening, portableHasher);
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

const fault = (entry: Entry, opening: Opening) => {
  const result = openEntry(entry, opening, portableHasher);
  return result.ok ? 'ok' : result.fault.code;
};

const plain: Entry = {
  profile: 'certificate',
  action: 'issue',
  subject: { issuer: '11100000000013338W', id: '京A-1' },
  digest: { alg: 'sha256', hash: hash(1) },
  prev: 4,
  links: [{ rel: 'based-on', subject: { issuer: '11430000006122244L', id: '甲' }, index: 3 }],
  meta: new Map([
    ['name', '张三'],
    ['expires', '2030-01-01'],
  ]),
  origin: { method: '扫描', tool: 's', operator: '窗口', capturedAt: 7, earlier: null },
};

describe('a sealed entry', () => {
  it('says the same as the plain one to whoever has the whole opening, and nothing to others', () => {
    fc.assert(
      fc.property(plainArb, whole => {
        const { entry, opening } = seal(whole);
        expect(decode(entryCodec, encode(entryCodec, entry)).ok).toBe(true);
        const { digest, meta, origin, links, hidden } = opened(entry, opening);
        expect([digest, meta, origin, [...links.values()], hidden]).toEqual([
          whole.digest,
          whole.meta,
          whole.origin,
          whole.links,
          [],
        ]);
        const nothing = opened(entry, null);
        expect(nothing.hidden.toSorted()).toEqual([...(opening?.keys() ?? [])].toSorted());
        expect([nothing.digest, nothing.origin, nothing.meta.size, nothing.links.size]).toEqual([
          null,
          null,
          0,
          0,
        ]);
        expect(isSealed(entry)).toBe(whole.meta.size > 0 || whole.origin !== null);
      }),
      { numRuns: 200 },
    );
  });

  it('opens place by place', () => {
    const { entry, opening } = sealWhole(plain);
    expect([...opening.keys()]).toEqual(['name', 'expires', 'origin', 'digest', 'link 0']);
    const some = opened(
      entry,
      new Map([...opening].filter(([place]) => place === 'expires' || place === 'link 0')),
    );
    expect(some).toEqual({
      digest: null,
      meta: new Map([['expires', '2030-01-01']]),
      origin: null,
      links: new Map([[0, plain.links[0]]]),
      hidden: ['name', 'origin', 'digest'],
    });
  });

  it('has the bytes that FORMATS.md gives', () => {
    const { entry, opening } = sealWhole(plain);
    const H = (...parts: Uint8Array[]) => toHex(portableHasher.digest(concat(...parts)));
    const { salt } = opening.get('digest')!;
    expect(toHex(entry.digest!.hash)).toBe(H(toUtf8('qifeng/sealed/v1\n'), salt, hash(1)));
    const name = opening.get('name')!;
    expect(toHex(name.value)).toBe(`66${toHex(toUtf8('张三'))}`);
    expect(toHex(entry.meta.get('name') as Uint8Array)).toBe(
      H(toUtf8('qifeng/commitment/v1\n'), name.salt, Uint8Array.of(0x64), toUtf8('name'), name.value),
    );
    expect(entry).toMatchObject({ prev: 4, origin: null, subject: { issuer: plain.subject.issuer, id: ID } });
    expect(entry.links[0]).toMatchObject({
      rel: 'based-on',
      index: 0,
      subject: { issuer: plain.subject.issuer },
    });
    expect([isSealedId(entry.links[0]!.subject.id), isSealedId(plain.subject.id)]).toEqual([true, false]);
  });

  it('with other salts has no value in common, though the statement is the same', () => {
    const [one, two] = [seal(plain), seal(plain, 100)];
    const hashes = ({ entry }: typeof one) => [
      toHex(entry.digest!.hash),
      entry.links[0]!.subject.id,
      ...[...entry.meta.values()].map(value => toHex(value as Uint8Array)),
    ];
    expect(new Set([...hashes(one), ...hashes(two)]).size).toBe(10);
  });
});

describe('an opening is refused', () => {
  const { entry, opening } = sealWhole(plain);
  const changed = (place: string, over: Partial<{ salt: Uint8Array; value: Uint8Array }>): Opening =>
    new Map([...opening].map(([key, value]) => [key, key === place ? { ...value, ...over } : value]));

  it.each([...opening.keys()])('with one bit of the salt or of the value of %s changed', place => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 7 }), fc.boolean(), (at, bit, ofSalt) => {
        const part = ofSalt ? 'salt' : 'value';
        const bytes = opening.get(place)![part];
        const i = at % bytes.length;
        expect(fault(entry, changed(place, { [part]: bytes.with(i, bytes[i]! ^ (1 << bit)) }))).toMatch(
          // The algorithm of a digest is outside its hash, and in the record.
          place === 'digest' ? /^(opening-mismatch|unknown-opening)$/ : /^opening-mismatch$/,
        );
      }),
      { numRuns: 100 },
    );
  });

  it('that opens one place with what belongs to another', () => {
    const places = [...opening.keys()];
    for (const to of places)
      for (const from of places)
        if (from !== to) expect(fault(entry, new Map([[to, opening.get(from)!]]))).toBe('opening-mismatch');
  });

  it('of another record, or of a place that the record does not have', () => {
    expect(fault(seal(plain, 100).entry, opening)).toBe('opening-mismatch');
    for (const place of ['photo', 'link 1', 'link 00', 'link', ''])
      expect(fault(entry, new Map([[place, opening.get('name')!]]))).toBe('unknown-opening');
    const { meta } = plain;
    expect(fault({ ...entry, meta }, new Map([['name', opening.get('name')!]]))).toBe('unknown-opening');
  });

  it('of a commitment to what cannot stand there', () => {
    const salt = hash(9);
    const forged = (place: string, value: Uint8Array) => {
      const bytes = portableHasher.digest(
        concat(
          toUtf8('qifeng/commitment/v1\n'),
          salt,
          Uint8Array.of(0x60 + place.length),
          toUtf8(place),
          value,
        ),
      );
      const made: Entry = {
        ...entry,
        meta: new Map(entry.meta).set(place, bytes),
        links: [{ ...entry.links[0]!, subject: { ...entry.links[0]!.subject, id: toHex(bytes) } }],
      };
      return fault(made, new Map([[place, { salt, value }]]));
    };
    const text = encode(metaValueCodec, 'x');
    expect(forged('name', text)).toBe('ok');
    expect(forged('name', Uint8Array.of(0xff))).toBe('unknown-opening');
    expect(forged('origin', text)).toBe('unknown-opening');
    expect(forged('link 0', text)).toBe('unknown-opening');
    const other = { ...plain.links[0]!, rel: 'repealed-by' };
    const link = sealWhole({ ...plain, links: [other] });
    expect(
      fault({ ...link.entry, links: [{ ...link.entry.links[0]!, rel: 'based-on' }] }, link.opening),
    ).toBe('unknown-opening');
  });

  it('with nothing in it, a short salt or an empty value', () => {
    expect(() => encode(openingCodec, new Map())).toThrow(RangeError);
    fc.assert(
      fc.property(hash32, salt => {
        expect(() => encode(openingCodec, new Map([['a', { salt: salt.subarray(1), value: salt }]]))).toThrow(
          RangeError,
        );
      }),
      { numRuns: 3 },
    );
    expect(() => encode(openingCodec, new Map([['a', { salt: hash(1), value: new Uint8Array(0) }]]))).toThrow(
      RangeError,
    );
  });
});
