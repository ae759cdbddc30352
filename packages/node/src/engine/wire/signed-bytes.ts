import { concat, cosignedMessage, encode, type Hasher, toHex, toUtf8, u32, u64 } from '@qifeng/core';
import type { NewViewBody, ViewChangeBody } from '../../consensus/messages.ts';
import type { ToSign } from '../../consensus/output.ts';
import type { WireCodecs } from './codecs.ts';
import { hashBytes } from './hashes.ts';

/** Type bytes of what a validator key signs (consensus.md, "What is signed"); retired numbers are never used again. */
export const SIGNED_TYPE = {
  prepare: 1,
  commit: 2,
  'view-change': 3,
  'new-view': 4,
  status: 5,
  possession: 6,
} as const;

// No note begins with 0x00, so no vote is ever a cosignature.
const DOMAIN = concat(new Uint8Array(1), toUtf8('qifeng/vote/v1'));

/** `0x00 ‖ "qifeng/vote/v1" ‖ type ‖ genesis hash ‖ epoch u32 ‖ view u64 ‖ height u64 ‖ hash`. */
export function voteBytes(
  genesis: Uint8Array,
  type: keyof typeof SIGNED_TYPE,
  epoch: number,
  view: number,
  height: number,
  hash: Uint8Array,
): Uint8Array {
  return concat(DOMAIN, Uint8Array.of(SIGNED_TYPE[type]), genesis, u32(epoch), u64(view), u64(height), hash);
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
