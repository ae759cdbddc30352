import {
  accusationCodec,
  admissionCodec,
  approvalsCodec,
  contactCodec,
  encode,
  membershipChangeCodec,
  newValidatorCodec,
  observerChangeCodec,
  observerCodec,
  observersCodec,
  profileDefinitionCodec,
  proposalsCodec,
  publisherChangeCodec,
} from '@qifeng/core';
import { twoHeads, twoVotes } from '../../fixtures/accusations.ts';
import { PUBLISHER, testKey } from '../../fixtures/builder.ts';
import { type Decoder, decoded, ofCodec } from '../decoder.ts';
import type { World } from '../world.ts';
import { ROLES } from './records.ts';

/** An observer as it is admitted. */
export const OBSERVER = {
  code: '530100',
  name: '昆明市（演示）',
  p2pKey: testKey('p2p 530100').publicKey,
  addresses: ['/dns4/kunming.example/tcp/8201'],
};

/** What members approve: changes of themselves, of observers, profiles and publishers. */
export function epochEntries({ ledger, profile }: World): readonly Decoder[] {
  const { chain } = ledger;
  const { meta } = ledger.blocks[1]!.submission.entries[0]!;
  const key = testKey('validator 110000');
  const validator = ledger.newValidator('110000');
  const contact = { code: '110000', p2pKey: validator.p2pKey, addresses: validator.addresses };
  const membership = decoded(membershipChangeCodec, meta.get('change') as Uint8Array);
  const approvals = decoded(approvalsCodec, meta.get('approvals') as Uint8Array);
  const carried = { v: 1 as const, epoch: 0, carrier: PUBLISHER };
  const altered = {
    id: PUBLISHER,
    after: 4,
    status: 'suspended' as const,
    keys: null,
    roles: ROLES,
    quota: 7,
  };
  const enrolled = { id: PUBLISHER, name: '某局', keys: [key.publicKey], roles: ROLES, quota: 0 };
  const proposal = {
    v: 1 as const,
    genesis: chain.hash,
    action: 'change-members' as const,
    change: encode(membershipChangeCodec, membership),
    approvals,
  };
  return [
    ofCodec('validator that joins', newValidatorCodec, [validator]),
    ofCodec('membership change', membershipChangeCodec, [
      membership,
      { ...membership, members: [{ code: '110000', validator: null }] },
    ]),
    ofCodec('approvals', approvalsCodec, [approvals]),
    ofCodec('accusation', accusationCodec, [
      twoVotes(chain.hash, '110000', key),
      twoHeads(chain, '110000', key),
    ]),
    ofCodec('contact', contactCodec, [contact]),
    ofCodec('admission', admissionCodec, [{ ...carried, contacts: [contact] }]),
    ofCodec('observer', observerCodec, [OBSERVER]),
    ofCodec('list of observers', observersCodec, [[OBSERVER], []]),
    ofCodec('change of observers', observerChangeCodec, [
      { ...carried, after: 7, admitted: [OBSERVER], removed: ['530300'] },
    ]),
    ofCodec('definition of a profile', profileDefinitionCodec, [{ ...carried, profile }]),
    ofCodec('change of publishers', publisherChangeCodec, [
      { ...carried, home: '110000', enrolled: [enrolled], altered: [] },
      { ...carried, home: '110000', enrolled: [], altered: [altered] },
    ]),
    ofCodec('proposals', proposalsCodec, [[proposal, proposal]]),
  ];
}
