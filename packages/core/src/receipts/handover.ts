import type { Hasher } from '../crypto/hasher.ts';
import { byteString, type Carried, list, record } from '../encoding/codec.ts';
import { invariant } from '../encoding/result.ts';
import type { Validator } from '../ledger/genesis.ts';
import { formatNote } from '../ledger/note.ts';
import { quorum } from '../ledger/quorum.ts';
import { type MapProof, mapProofCodec } from '../merkle/map-proof.ts';
import { cosignatureLines, type SignedAt } from './cosigners.ts';

/** Handovers in one receipt or status proof at most. */
export const MAX_HANDOVERS = 4096;
const MAX_PART_BYTES = 64 * 1024;

/** One handover on the wire, `[checkpoint, epoch value, proof]`. */
export const handoverCodec = record({
  checkpoint: byteString(1, MAX_PART_BYTES),
  epoch: byteString(1, MAX_PART_BYTES),
  proof: mapProofCodec,
});
/**
 * How one epoch hands over to the next: the signed note of its last block's checkpoint, with exactly q cosignatures of
 * its set in order of member code and no other line; the canonical bytes of the next epoch's value; and the proof of that
 * value in the checkpoint's state.
 */
export type Handover = Carried<typeof handoverCodec>;

/** The handovers of epochs 0, 1, 2 … in this order. */
export const handoversCodec = list(handoverCodec, MAX_HANDOVERS);

/** What a handover is made of. */
export interface HandoverParts {
  readonly origin: string;
  /** The set of the epoch that ends. */
  readonly validators: readonly Validator[];
  /** Checkpoint text of its last block. */
  readonly text: string;
  /** At least q cosignatures of that text, in order of position. */
  readonly signatures: readonly SignedAt[];
  /** Canonical bytes of the next epoch's value. */
  readonly epoch: Uint8Array;
  /** Its proof in the state after that block: the map is only kept as it is now, so before the next block is executed. */
  readonly proof: MapProof;
}

/** The handover of these parts, which are our own: fewer than q cosignatures break an invariant. */
export function makeHandover(parts: HandoverParts, hasher: Hasher): Handover {
  const { origin, validators, text, signatures, epoch, proof } = parts;
  invariant(signatures.length >= quorum(validators.length), 'an epoch ends with a quorum of its set');
  const note = { text, signatures: cosignatureLines(origin, validators, signatures, hasher) };
  return { checkpoint: formatNote(note), epoch, proof };
}
