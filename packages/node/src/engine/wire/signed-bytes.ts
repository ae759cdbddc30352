import {
  APPROVAL_TYPE,
  voteBytes as bytesOfType,
  COMMIT_TYPE,
  cosignedMessage,
  encode,
  type Hasher,
  POSSESSION_TYPE,
  PREPARE_TYPE,
  toHex,
} from '@qifeng/core';
import type { NewViewBody, ViewChangeBody } from '../../consensus/messages.ts';
import type { ToSign } from '../../consensus/output.ts';
import type { WireCodecs } from './codecs.ts';
import { hashBytes } from './hashes.ts';

/** Type bytes of what a validator key signs (consensus.md, "What is signed"); retired numbers are never used again. */
export const SIGNED_TYPE = {
  prepare: PREPARE_TYPE,
  commit: COMMIT_TYPE,
  'view-change': 3,
  'new-view': 4,
  status: 5,
  possession: POSSESSION_TYPE,
  approval: APPROVAL_TYPE,
} as const;

/** The bytes of core's `voteBytes` for a type by its name. */
export function voteBytes(
  genesis: Uint8Array,
  type: keyof typeof SIGNED_TYPE,
  epoch: number,
  view: number,
  height: number,
  hash: Uint8Array,
): Uint8Array {
  return bytesOfType(genesis, SIGNED_TYPE[type], epoch, view, height, hash);
}

/** Works out the signed bytes of each kind of message on one chain. */
export interface SignedBytes {
  vote(kind: 'prepare' | 'commit', epoch: number, view: number, height: number, hash: string): Uint8Array;
  viewChange(body: ViewChangeBody): Uint8Array;
  newView(body: NewViewBody): Uint8Array;
  /** Hash of a VIEW-CHANGE's or NEW-VIEW's body, hex. */
  bodyHash(what: ToSign & { readonly type: 'view-change' | 'new-view' }): string;
  of(what: ToSign): Uint8Array;
}

/** The signed bytes on the chain with this genesis hash. */
export function signedBytesOf(genesis: Uint8Array, hasher: Hasher, codecs: WireCodecs): SignedBytes {
  const viewChangeHash = (body: ViewChangeBody): Uint8Array =>
    hasher.digest(encode(codecs.viewChangeBody, body));
  const newViewHash = (body: NewViewBody): Uint8Array => hasher.digest(encode(codecs.newViewBody, body));
  const bytes: SignedBytes = {
    vote: (kind, epoch, view, height, hash) => voteBytes(genesis, kind, epoch, view, height, hashBytes(hash)),
    viewChange: body => voteBytes(genesis, 'view-change', body.epoch, body.newView, 0, viewChangeHash(body)),
    newView: body => voteBytes(genesis, 'new-view', body.epoch, body.view, 0, newViewHash(body)),
    bodyHash: what => {
      const hash = what.type === 'view-change' ? viewChangeHash(what.body) : newViewHash(what.body);
      return toHex(hash);
    },
    of: what => {
      switch (what.type) {
        case 'vote':
          return bytes.vote(
            what.vote.kind,
            what.vote.epoch,
            what.vote.view,
            what.vote.height,
            what.vote.hash,
          );
        case 'proposal':
          return bytes.vote('prepare', what.block.epoch, what.view, what.block.height, what.block.hash);
        case 'view-change':
          return bytes.viewChange(what.body);
        case 'new-view':
          return bytes.newView(what.body);
        case 'cosignature':
          return cosignedMessage(what.text, what.time);
      }
    },
  };
  return bytes;
}
