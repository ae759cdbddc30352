import { concat, u32, u64 } from '../encoding/bytes.ts';
import { toUtf8 } from '../encoding/utf8.ts';

// No note begins with 0x00, so nothing signed here is ever a cosignature or a log line.
const DOMAIN = concat(new Uint8Array(1), toUtf8('qifeng/vote/v1'));

/** Type byte of a PREPARE. */
export const PREPARE_TYPE = 1;
/** Type byte of a COMMIT. 3 to 5 are VIEW-CHANGE, NEW-VIEW, STATUS. */
export const COMMIT_TYPE = 2;
/** Type byte of a proof that a key is held. */
export const POSSESSION_TYPE = 6;
/** Type byte of an approval of a change of members. */
export const APPROVAL_TYPE = 7;

/**
 * What a validator key signs, checkpoints apart: `0x00 ‖ "qifeng/vote/v1" ‖ type ‖ genesis hash ‖ epoch u32 ‖ view u64 ‖
 * height u64 ‖ hash`, integers big-endian, both hashes 32 bytes. All parts have fixed lengths, so two that differ in
 * anything have different bytes.
 */
export function voteBytes(
  genesis: Uint8Array,
  type: number,
  epoch: number,
  view: number,
  height: number,
  hash: Uint8Array,
): Uint8Array {
  return concat(DOMAIN, Uint8Array.of(type), genesis, u32(epoch), u64(view), u64(height), hash);
}

/** What a member of the set of `epoch` signs to approve a change, given the hash of the change's bytes. */
export function approvalBytes(genesis: Uint8Array, epoch: number, changeHash: Uint8Array): Uint8Array {
  return voteBytes(genesis, APPROVAL_TYPE, epoch, 0, 0, changeHash);
}

/**
 * What a key that is to join signs in `epoch`: height and H(text) of a final checkpoint, at least 1. At height 0 the same
 * type byte stands for possession at the genesis, over the genesis hash.
 */
export function possessionBytes(
  genesis: Uint8Array,
  epoch: number,
  height: number,
  checkpointHash: Uint8Array,
): Uint8Array {
  return voteBytes(genesis, POSSESSION_TYPE, epoch, 0, height, checkpointHash);
}
