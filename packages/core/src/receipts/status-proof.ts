import { MAJOR } from '../encoding/cbor-writer.ts';
import {
  byteString,
  type Carried,
  type Codec,
  decode,
  fixedBytes,
  integer,
  list,
  nullable,
  oneOf,
  struct,
  text,
  tuple,
  union,
} from '../encoding/codec.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import { type NamePart, STATE_KINDS } from '../records/state.ts';
import { type Asked, askedNamed } from './asked.ts';
import { handoversCodec } from './handover.ts';

/** Ending of a status proof's file name. */
export const STATUS_SUFFIX = '.status-proof';

/** Bytes in a status proof at most: its handovers twice, and a receipt. */
export const MAX_STATUS_BYTES = 32 << 20;

const MAX_TEXT_BYTES = 64 * 1024;

/** One part of a state value's name. */
const namePart: Codec<NamePart> = union<NamePart>(
  {
    majors: [MAJOR.text],
    holds: value => typeof value === 'string',
    codec: text(1024) as unknown as Codec<NamePart>,
  },
  {
    majors: [MAJOR.uint, MAJOR.negative],
    holds: value => typeof value === 'number',
    codec: integer as unknown as Codec<NamePart>,
  },
  {
    majors: [MAJOR.bytes],
    holds: value => value instanceof Uint8Array,
    codec: byteString(0, 1024) as unknown as Codec<NamePart>,
  },
);

/**
 * A status proof (FORMATS, "Status proof"), a CBOR map: the signed note of a checkpoint, the handovers to its epoch (null in
 * epoch 0), kind and name parts of a state value, its bytes or null for "not in the state", the proof of either in the
 * checkpoint's state, and the receipt of the last record of what is named, against the same checkpoint.
 */
export const statusProofCodec = struct({
  checkpoint: byteString(1, MAX_TEXT_BYTES),
  handovers: nullable(handoversCodec),
  kind: oneOf(...STATE_KINDS),
  name: list(namePart, 8, 1),
  value: nullable(byteString(0, 1 << 20)),
  other: nullable(tuple(fixedBytes(32), fixedBytes(32))),
  bitmap: byteString(0, 32),
  siblings: list(fixedBytes(32), 256),
  receipt: nullable(byteString(1, 16 << 20)),
});
/** The content of a status proof. */
export type StatusProof = Carried<typeof statusProofCodec>;

/**
 * What a status proof is said to be about, for whoever has nothing else to ask with; that it is true of that,
 * `verifyStatusProof` says. Faults: `status-malformed`, and `status-other-name` for one about nothing that can be asked.
 */
export function askedIn(bytes: Uint8Array): Result<Asked> {
  const proof = decode(statusProofCodec, bytes);
  if (!proof.ok) return refuse('status-malformed', proof.fault.detail);
  const { kind, name } = proof.value;
  const asked = askedNamed(kind, name);
  return asked === null ? refuse('status-other-name', `it is about the ${kind} of another name`) : ok(asked);
}
