import {
  type Entry,
  encode,
  formatReceipt,
  genesisCodec,
  type Opening,
  parseReceipt,
  sealEntry,
  verifyReceipt,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  makeReceipt,
  PUBLISHER,
  seed,
  testChain,
  testEntry,
  testGenesis,
  unwrap,
} from '../fixtures/builder.ts';
import { DOCUMENT } from '../fixtures/make-fixture.ts';
import { check } from './checker.mjs';

const chain = testChain();
const genesis = encode(genesisCodec, testGenesis());
let salts = 0;
const plain: Entry = {
  ...testEntry('执照', DOCUMENT),
  profile: 'certificate',
  action: 'issue',
  links: [{ rel: 'based-on', subject: { issuer: PUBLISHER, id: '甲' }, index: 0 }],
  meta: new Map<string, string | string[]>([
    ['holder', '演示企业'],
    ['scope', ['甲', '乙']],
    ['expires', '2030-12-31'],
  ]),
  origin: { method: '扫描', tool: 'scanner', operator: '窗口', capturedAt: 7, earlier: null },
};
const { entry, opening: whole } = sealEntry(plain, 'a0'.repeat(32), nativeSuite.hasher, () =>
  seed(`salt ${salts++}`, 32),
);
const receipt = makeReceipt(chain, { entries: [entry], at: 0, before: 1 });
const places = [...whole!.keys()];

/** The receipt with this opening. */
function presented(opening: Opening | null, of = receipt): Uint8Array {
  const parsed = unwrap(parseReceipt(of));
  return formatReceipt({ ...parsed, extra: { ...parsed.extra, opening } });
}

/** The verdicts of core, by code, and of the checker: on the receipt alone, or with the file. */
function verdicts(receipt: Uint8Array, file: Uint8Array | undefined): [string, boolean] {
  const digests =
    file === undefined ? null : [{ alg: 'sha256' as const, hash: nativeSuite.hasher.digest(file) }];
  const core = verifyReceipt(receipt, { chain, suite: nativeSuite, digests });
  const { problems } = check({ receipt, genesis, ...(file && { file }) });
  return [core.ok ? 'ok' : core.fault.code, problems.length === 0];
}

const some = (names: readonly string[]): Opening =>
  new Map([...whole!].filter(([place]) => names.includes(place)));

describe('core and the independent checker agree on openings', () => {
  it('that show any of the places, and on the file exactly where its digest is shown', () => {
    fc.assert(
      fc.property(fc.subarray(places, { minLength: 1 }), names => {
        const shown = presented(some(names));
        expect(verdicts(shown, undefined)).toEqual(['ok', true]);
        const open = names.includes('digest');
        expect(verdicts(shown, DOCUMENT)).toEqual(open ? ['ok', true] : ['opening-missing', false]);
        expect(verdicts(shown, entry.digest!.hash)).toEqual([
          open ? 'file-mismatch' : 'opening-missing',
          false,
        ]);
      }),
      { numRuns: 60 },
    );
    expect(verdicts(presented(null), undefined)).toEqual(['ok', true]);
    expect(verdicts(presented(null), DOCUMENT)).toEqual(['opening-missing', false]);
  });

  it('with any bit of a salt or of a value changed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.boolean(), fc.nat(), fc.nat(7), (place, ofSalt, at, bit) => {
        const part = ofSalt ? 'salt' : 'value';
        const opened = whole!.get(place)!;
        const bytes = opened[part];
        const i = at % bytes.length;
        const changed = { ...opened, [part]: bytes.with(i, bytes[i]! ^ (1 << bit)) };
        const [code, holds] = verdicts(presented(new Map(whole).set(place, changed)), undefined);
        expect([/^(opening-mismatch|unknown-opening)$/.test(code), holds]).toEqual([true, false]);
      }),
      { numRuns: 200 },
    );
  });

  it('that stand in for each other, name no place, or belong to a record in the open', () => {
    const one = whole!.get('holder')!;
    for (const place of [...places.filter(place => place !== 'holder'), 'photo', 'link 1'])
      expect(verdicts(presented(new Map([[place, one]])), undefined)[1], place).toBe(false);
    const open = makeReceipt(chain, { entries: [testEntry('offen', DOCUMENT)], at: 0 });
    expect(verdicts(open, DOCUMENT)).toEqual(['ok', true]);
    for (const place of ['title', 'digest']) {
      const [code, holds] = verdicts(presented(new Map([[place, one]]), open), undefined);
      expect([code, holds]).toEqual([place === 'title' ? 'unknown-opening' : 'opening-mismatch', false]);
    }
  });

  it('that link to a record which is not before theirs', () => {
    const late = makeReceipt(chain, { entries: [entry], at: 0 });
    expect(verdicts(presented(some(['link 0']), late), undefined)).toEqual(['unknown-opening', false]);
    expect(verdicts(presented(some(['holder']), late), undefined)).toEqual(['ok', true]);
  });
});
