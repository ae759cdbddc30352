import {
  blockHash,
  byteString,
  type Chain,
  decode,
  type EpochSet,
  encode,
  epochValueCodec,
  equalBytes,
  exactly,
  firstSet,
  frontierFromEdge,
  frontierRoot,
  HASH_LENGTH,
  type Handover,
  type Header,
  handoversCodec,
  hashesAt,
  headerCodec,
  invariant,
  list,
  logHash,
  MAX_HANDOVERS,
  nullable,
  ok,
  parseCheckpoint,
  parseCosignature,
  parseNote,
  type Result,
  record,
  refuse,
  type Suite,
  TILE_WIDTH,
  type TileEdge,
  toHex,
  verifyCosigners,
  verifyEpoch,
} from '@qifeng/core';
import type { CheckpointCertificate } from '../../consensus/messages.ts';
import type { Head, SnapshotBase } from '../../ports/ledger-store.ts';
import { keptCodec } from '../handover-keeper.ts';
import type { WireCodecs } from '../wire/codecs.ts';

/** Bytes of a manifest at most. */
export const MAX_MANIFEST = 4 * 1024 * 1024;
/** Levels of tiles in the largest log there can be. */
const LEVELS = 7;

const manifestCodec = record({
  v: exactly(1),
  header: headerCodec,
  checkpoint: byteString(1, 64 * 1024),
  handovers: nullable(handoversCodec),
  ends: list(headerCodec, MAX_HANDOVERS),
  edge: list(byteString(0, (TILE_WIDTH - 1) * HASH_LENGTH), LEVELS),
});

/** What a manifest is made of. */
export interface ManifestParts {
  readonly header: Header;
  /** The note of the block's checkpoint with exactly q cosignatures in order and no other line. */
  readonly checkpoint: Uint8Array;
  /** From the genesis to its epoch; null in epoch 0. */
  readonly handovers: readonly Handover[] | null;
  /** Headers of the last blocks of the epochs before, oldest first. */
  readonly ends: readonly Header[];
  readonly edge: TileEdge;
}

/** A manifest that was verified by the genesis alone. */
export interface VerifiedManifest {
  readonly base: SnapshotBase;
  /** The certificates of the ends of the epochs before, then that of the block itself. */
  readonly certificates: readonly CheckpointCertificate[];
}

/** The bytes of a manifest, which are our own. */
export function encodeManifest({ edge, ...parts }: ManifestParts): Uint8Array {
  return encode(manifestCodec, { v: 1 as const, ...parts, edge: edge.partials });
}

/**
 * Verifies a manifest by the genesis: the handovers lead to the set of its epoch, exactly q of which cosigned the
 * checkpoint; header, headers of the ends and edge of the log are what the checkpoints say. Faults: those of the
 * decoder, of `verifyEpoch` and of `verifyCosigners`, and `bad-snapshot`.
 */
export function verifyManifest(
  chain: Chain,
  suite: Suite,
  codecs: WireCodecs,
  bytes: Uint8Array,
): Result<VerifiedManifest> {
  const manifest = decode(manifestCodec, bytes, MAX_MANIFEST);
  if (!manifest.ok) return manifest;
  const { header, checkpoint: note, handovers, ends: endHeaders, edge: partials } = manifest.value;
  const own = readNote(note);
  if (!own.ok) return own;
  const { checkpoint } = own.value;
  if (checkpoint.origin !== chain.origin)
    return refuse('wrong-chain', `the snapshot is of ${checkpoint.origin}, not ${chain.origin}`);
  const set = verifyEpoch(checkpoint, handovers, { chain, suite });
  if (!set.ok) return set;
  const certificate = certificateOf(chain, suite, own.value, set.value);
  if (!certificate.ok) return certificate;
  const head = headOf(suite, header, own.value);
  if (!head.ok) return head;
  const edge: TileEdge = { size: checkpoint.size, partials };
  const flaw = edgeFlaw(suite, edge, checkpoint.root);
  if (flaw !== null) return refuse('bad-snapshot', flaw);
  const ends = endsOf(chain, suite, handovers ?? [], endHeaders);
  if (!ends.ok) return ends;
  const certificates = [...ends.value.certificates, certificate.value];
  return ok({
    certificates,
    base: {
      genesis: chain.hash,
      head: head.value,
      stateRoot: checkpoint.stateRoot,
      edge,
      ends: ends.value.heads,
      certificates: certificates.map(one => ({
        height: one.height,
        bytes: encode(codecs.checkpointCertificate, one),
      })),
      handovers: (handovers ?? []).map(({ epoch: value, proof }, epoch) => ({
        epoch,
        bytes: encode(keptCodec, { epoch: value, proof }),
      })),
    },
  });
}

type ReadNote = ReturnType<typeof readNote> extends Result<infer T> ? T : never;

function readNote(bytes: Uint8Array) {
  const note = parseNote(bytes);
  if (!note.ok) return note;
  const checkpoint = parseCheckpoint(note.value.text);
  return checkpoint.ok ? ok({ ...note.value, checkpoint: checkpoint.value }) : checkpoint;
}

function certificateOf(
  { origin }: Chain,
  suite: Suite,
  { text, signatures, checkpoint }: ReadNote,
  { validators }: EpochSet,
): Result<CheckpointCertificate> {
  const cosigners = verifyCosigners(text, signatures, origin, validators, suite);
  if (!cosigners.ok) return cosigners;
  const { epoch, height, blockHash: hash } = checkpoint;
  const signed = cosigners.value.map(({ code, time }, i) => {
    const line = parseCosignature(signatures[i]!);
    invariant(line.ok, 'a verified line is a cosignature');
    return { signer: validators.findIndex(one => one.code === code), time, signature: line.value.signature };
  });
  return ok({ epoch, height, hash: toHex(hash), text, signatures: signed });
}

/** The block of a checkpoint, if the header is its. */
function headOf({ hasher }: Suite, header: Header, { text, checkpoint }: ReadNote): Result<Head> {
  const hash = blockHash(header, hasher);
  if (!equalBytes(hash, checkpoint.blockHash) || header.height !== checkpoint.height)
    return refuse('bad-snapshot', `the header of block ${header.height} is not that of its checkpoint`);
  return ok({ header, hash, text, size: checkpoint.size });
}

/** Why these are not the partial tiles of the log with this root, or null. */
function edgeFlaw({ hasher }: Suite, { size, partials }: TileEdge, root: Uint8Array): string | null {
  for (let level = 0; level < partials.length || hashesAt(level, size) > 0; level++)
    if (partials[level]?.length !== (hashesAt(level, size) % TILE_WIDTH) * HASH_LENGTH)
      return `the edge of a log of ${size} records has not so many hashes at level ${level}`;
  const tree = logHash(hasher);
  const found = frontierRoot(tree, frontierFromEdge(tree, { size, partials }));
  return equalBytes(found, root) ? null : 'the edge leads to another root than the certified one';
}

/** The last blocks of the epochs that verified handovers end. */
function endsOf(
  chain: Chain,
  suite: Suite,
  handovers: readonly Handover[],
  headers: readonly Header[],
): Result<{ readonly heads: readonly Head[]; readonly certificates: readonly CheckpointCertificate[] }> {
  if (headers.length !== handovers.length)
    return refuse('bad-snapshot', `${headers.length} headers for the ends of ${handovers.length} epochs`);
  const heads: Head[] = [];
  const certificates: CheckpointCertificate[] = [];
  let set = firstSet(chain);
  for (const [epoch, handover] of handovers.entries()) {
    const note = readNote(handover.checkpoint);
    const next = decode(epochValueCodec, handover.epoch);
    invariant(note.ok && next.ok, 'a verified handover reads');
    const certificate = certificateOf(chain, suite, note.value, set);
    if (!certificate.ok) return certificate;
    const head = headOf(suite, headers[epoch]!, note.value);
    if (!head.ok) return head;
    heads.push(head.value);
    certificates.push(certificate.value);
    set = { epoch: epoch + 1, start: next.value.start, validators: next.value.validators };
  }
  return ok({ heads, certificates });
}
