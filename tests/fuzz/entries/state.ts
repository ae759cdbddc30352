import {
  accusationValueCodec,
  digestValueCodec,
  epochValueCodec,
  memberValueCodec,
  observersValueCodec,
  parameterValueCodec,
  publisherValueCodec,
  subjectValueCodec,
  submissionValueCodec,
} from '@qifeng/core';
import { PUBLISHER, testKey } from '../../fixtures/builder.ts';
import { type Decoder, ofCodec } from '../decoder.ts';
import type { World } from '../world.ts';
import { OBSERVER } from './epochs.ts';
import { ROLES } from './records.ts';

const key = testKey('publisher').publicKey;

/** Values of the state, which come with status proofs and with snapshots. */
export function stateEntries({ ledger }: World): readonly Decoder[] {
  const seen = { expires: 7, height: 3, entry: null };
  return [
    ofCodec('standing of a subject', subjectValueCodec, [
      {
        profile: 'policy',
        state: 'in-force',
        head: 9,
        version: 2,
        owner: PUBLISHER,
        digest: { alg: 'sha256', hash: key },
        validFrom: '2020-01-01',
        validTo: null,
        awaiting: [PUBLISHER],
      },
    ]),
    ofCodec('records of a digest', digestValueCodec, [{ first: 3, last: 9, count: 2 }]),
    ofCodec('publisher', publisherValueCodec, [
      {
        name: '某局',
        home: '110000',
        keys: [key],
        status: 'active',
        roles: ROLES,
        quota: 100,
        day: 18_000,
        used: 3,
        seq: 7,
        head: 9,
        changed: null,
      },
    ]),
    ofCodec('what became of a submission', submissionValueCodec, [
      { ...seen, first: 4, count: 2, code: null, detail: null },
      { ...seen, first: null, count: 1, code: 'wrong-state', entry: 0, detail: 'no' },
    ]),
    ofCodec('member', memberValueCodec, [
      {
        nameZh: '北京市',
        nameEn: 'Beijing',
        validator: true,
        p2pKey: key,
        addresses: ['/dns4/beijing.example/tcp/8201'],
      },
    ]),
    ofCodec('epoch', epochValueCodec, [ledger.now().set]),
    ofCodec('parameter', parameterValueCodec, [key]),
    ofCodec('place of an accusation', accusationValueCodec, [{ record: 7 }]),
    ofCodec('observers', observersValueCodec, [
      { removal: null, observers: [OBSERVER] },
      { removal: 7, observers: [] },
    ]),
  ];
}
