import {
  boolean,
  digestCodec,
  entryCodec,
  identifier,
  integer,
  leafCodec,
  linkCodec,
  memberCode,
  metaValueCodec,
  observerCode,
  openingCodec,
  originCodec,
  positive,
  profileCodec,
  rolesCodec,
  subjectCodec,
  submissionHeaderCodec,
  uscc,
} from '@qifeng/core';
import { PUBLISHER } from '../../fixtures/builder.ts';
import { type Decoder, decoded, ofCodec } from '../decoder.ts';
import type { World } from '../world.ts';

const hash = new Uint8Array(32).fill(9);
const salt = new Uint8Array(32).fill(4);
const subject = { issuer: PUBLISHER, id: '文件 7' };
const digest = { alg: 'sm3' as const, hash };
const origin = { method: 'upload', tool: 'camera', operator: '张三', capturedAt: 7, earlier: digest };

/** What records are made of. */
export function recordEntries({ ledger, submission, profile }: World): readonly Decoder[] {
  const change = ledger.blocks[1]!.submission.entries[0]!;
  const link = { rel: 'repeals', subject, index: 3 };
  return [
    ofCodec('integer', integer, [0, -5, 2 ** 40]),
    ofCodec('number from 1 on', positive, [1, 2 ** 40]),
    ofCodec('boolean', boolean, [true, false]),
    ofCodec('identifier', identifier, ['in-force']),
    ofCodec('code of an organisation', uscc, [PUBLISHER]),
    ofCodec('code of a member', memberCode, ['110000']),
    ofCodec('code of an observer', observerCode, ['530100', PUBLISHER]),
    ofCodec('digest', digestCodec, [digest]),
    ofCodec('subject', subjectCodec, [subject]),
    ofCodec('link', linkCodec, [link]),
    ofCodec('value of a field', metaValueCodec, [-7, '公文', hash, null, true, ['a', 1, false, hash]]),
    ofCodec('origin', originCodec, [origin]),
    ofCodec('entry', entryCodec, [
      ...submission.entries,
      change,
      { ...change, digest, links: [link, link], origin, prev: 7, meta: new Map([['dates', ['a', 'b']]]) },
    ]),
    ofCodec('submission header', submissionHeaderCodec, [submission.header]),
    ofCodec(
      'leaf',
      leafCodec,
      ledger.leaves.map(leaf => decoded(leafCodec, leaf)),
    ),
    ofCodec('opening', openingCodec, [
      new Map([
        ['title', { salt, value: hash }],
        ['digest', { salt, value: hash }],
      ]),
    ]),
    ofCodec('roles', rolesCodec, [ROLES, []]),
    ofCodec('profile', profileCodec, [profile]),
  ];
}

/** Roles as a publisher may have them. */
export const ROLES = [
  { profile: 'notice', role: 'actor' as const },
  { profile: 'policy', role: 'issuer' as const },
];
