import { describe, expect, it } from 'vitest';
import { decode } from '../encoding/codec.ts';
import {
  alteration,
  CARRIER,
  CARRIER_KEY,
  changeEntry,
  enrolment,
  GOVERNED,
} from '../execution/testing/governed.ts';
import { B, entry, keyOf, PlainLedger, submission, unwrap } from '../execution/testing/ledger.ts';
import { nativeSuite } from '../native/native-suite.ts';
import { type Leaf, leafCodec } from '../records/leaf.ts';
import { publisherValueCodec, stateName } from '../records/state.ts';
import { Enrolments } from './enrolments.ts';
import { verifyRecorded } from './recorded.ts';

const carried = (over: Parameters<typeof changeEntry>[0]) =>
  submission(GOVERNED, [changeEntry(over)], { publisher: CARRIER, key: CARRIER_KEY });

describe('publishers as a log tells of them', () => {
  it('are those of the state after each block', () => {
    const ledger = new PlainLedger(GOVERNED);
    const enrolments = new Enrolments(GOVERNED);
    const stated = (id: string) => {
      const bytes = ledger.value(stateName('publisher', id));
      const value = bytes === null ? null : unwrap(decode(publisherValueCodec, bytes));
      return value && { status: value.status, keys: value.keys };
    };
    const mine = (id: string, n = 0) =>
      submission(GOVERNED, [entry(id, { subject: { issuer: B, id } })], { publisher: B, key: keyOf(B, n) });
    const blocks = [
      () => [mine('early')],
      () => [carried({ enrolled: [enrolment()] }), mine('a')],
      () => [carried({ altered: [alteration(0, { status: 'suspended', quota: 4 })] }), mine('b')],
      () => [carried({ altered: [alteration(2, { status: 'active' })] })],
      () => [
        carried({ altered: [alteration(3, { keys: [keyOf(B, 1), keyOf(B, 2)] })] }),
        mine('b'),
        mine('c', 2),
      ],
      () => [carried({ altered: [alteration(null, { id: CARRIER, keys: [CARRIER_KEY, keyOf(CARRIER)] })] })],
    ];
    for (const [i, block] of blocks.entries()) {
      const before = ledger.leaves.length;
      ledger.run(block(), 1000 * (i + 1));
      for (const bytes of ledger.leaves.slice(before)) enrolments.next(unwrap(decode(leafCodec, bytes)));
      for (const id of [B, CARRIER]) expect(enrolments.get(id)).toEqual(stated(id));
    }
    expect(enrolments.get(B)).toEqual({ status: 'active', keys: [keyOf(B, 1), keyOf(B, 2)] });
  });

  it('decide whether a record was its own: by a key it had, and while it was not suspended', () => {
    const sent = submission(GOVERNED, [entry('a')], { publisher: CARRIER, key: CARRIER_KEY });
    const leaf: Leaf = {
      v: 1,
      height: 1,
      time: 1,
      submission: sent.id,
      i: 0,
      publisher: CARRIER,
      seq: 1,
      publisherPrev: null,
      version: 1,
      subjectPrev: null,
      entry: { value: sent.entries[0]!, bytes: sent.entryBytes[0]! },
    };
    const signed = { header: sent.headerBytes, signature: sent.signature };
    const code = (enrolled: Parameters<typeof verifyRecorded>[2]) => {
      const verdict = verifyRecorded([leaf], signed, enrolled, GOVERNED, nativeSuite);
      return verdict.ok ? 'ok' : verdict.fault.code;
    };
    const keys = [keyOf(CARRIER), CARRIER_KEY];
    expect(code(null)).toBe('wrong-key');
    expect(code({ status: 'active', keys: keys.slice(0, 1) })).toBe('wrong-key');
    expect(code({ status: 'suspended', keys })).toBe('publisher-suspended');
    // All that is left is the signature, which is nobody's here.
    expect(code({ status: 'active', keys })).toBe('bad-signature');
  });
});
