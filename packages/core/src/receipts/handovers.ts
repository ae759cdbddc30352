import type { Suite } from '../crypto/suite.ts';
import { equalBytes, toHex } from '../encoding/bytes.ts';
import { decode, encode } from '../encoding/codec.ts';
import { invariant, ok, type Result, refuse } from '../encoding/result.ts';
import { toUtf8 } from '../encoding/utf8.ts';
import { type Checkpoint, parseCheckpoint } from '../ledger/checkpoint.ts';
import { type EpochSet, epochValueFlaw, firstSet } from '../ledger/epoch-set.ts';
import type { Chain } from '../ledger/genesis.ts';
import { parseNote } from '../ledger/note.ts';
import { mapHash } from '../merkle/map-hash.ts';
import { verifyMapPresence } from '../merkle/map-verify.ts';
import { epochValueCodec, stateKey } from '../records/state.ts';
import { verifyCosigners } from './cosigners.ts';
import { type Handover, handoverCodec } from './handover.ts';
import type { HandoverMemory, KnownHandover } from './handover-memory.ts';

/** A handover that the verifier holds to be the true one: the epoch that ends, and H(text) of its last checkpoint. */
export interface Pin {
  readonly epoch: number;
  readonly hash: Uint8Array;
}

/** The pins that verified handovers make for others to be judged by. */
export function pinsOf(handovers: readonly Handover[], { hasher }: Suite): readonly Pin[] {
  return handovers.map(({ checkpoint }, epoch) => {
    const note = parseNote(checkpoint);
    invariant(note.ok, 'a handover that was verified is read');
    return { epoch, hash: hasher.digest(toUtf8(note.value.text)) };
  });
}

/** What handovers are judged by. */
export interface HandoverTrust {
  readonly chain: Chain;
  readonly suite: Suite;
  /** What contradicts one is refused, whoever signed it. */
  readonly pins?: readonly Pin[];
  /** Spares steps made on the same bytes; it decides nothing. */
  readonly handoverMemory?: HandoverMemory;
}

/**
 * The set that cosigns `checkpoint`, reached from the genesis by `handovers`: null in epoch 0, else one for each epoch
 * passed. Signatures on the checkpoint itself are not looked at. Faults: `wrong-epoch` (as many handovers as the
 * checkpoint's epoch says), `wrong-height` (before the set's first block), and those of `verifyHandovers`.
 */
export function verifyEpoch(
  { epoch, height }: Checkpoint,
  handovers: readonly Handover[] | null,
  trust: HandoverTrust,
): Result<EpochSet> {
  const count = handovers?.length ?? 0;
  if (count !== epoch || handovers?.length === 0)
    return refuse('wrong-epoch', `the checkpoint is of epoch ${epoch}, ${count} handovers lead there`);
  const set = verifyHandovers(handovers ?? [], trust);
  if (!set.ok) return set;
  const { start } = set.value;
  return height >= start
    ? set
    : refuse('wrong-height', `the checkpoint is of block ${height}, epoch ${epoch} begins with ${start}`);
}

/**
 * The set to which handovers lead from the genesis. Each one is cosigned by exactly q of the set before it, whose keys the
 * certified state vouches for, so whoever holds q keys of a past set can make others: pins are against that. Faults:
 * `bad-handover`, `pin-mismatch`.
 */
export function verifyHandovers(handovers: readonly Handover[], trust: HandoverTrust): Result<EpochSet> {
  const { chain, pins = [], handoverMemory: memory } = trust;
  let set = memory?.first(() => firstSet(chain)) ?? firstSet(chain);
  for (const handover of handovers) {
    const bytes = encode(handoverCodec, handover);
    let known = memory?.recall(set, bytes);
    if (known === undefined) {
      const verified = verifyHandover(bytes, set, trust);
      if (!verified.ok) return verified;
      known = memory?.keep(set, verified.value) ?? verified.value;
    }
    const { epoch } = set;
    const { textHash, next } = known;
    const pin = pins.find(({ epoch: pinned, hash }) => pinned === epoch && !equalBytes(hash, textHash));
    if (pin !== undefined)
      return refuse(
        'pin-mismatch',
        `epoch ${epoch} ends with checkpoint ${toHex(textHash)}, pinned is ${toHex(pin.hash)}`,
      );
    set = next;
  }
  return ok(set);
}

/** Verifies one handover by the set that ends; what comes out is made of copies of `bytes` only. */
function verifyHandover(
  bytes: Uint8Array,
  { epoch, start, validators }: EpochSet,
  { chain, suite }: HandoverTrust,
): Result<KnownHandover> {
  const bad = (detail: string) => refuse('bad-handover', `the handover of epoch ${epoch}: ${detail}`);
  const handover = decode(handoverCodec, bytes);
  invariant(handover.ok, 'what was encoded decodes');
  const { checkpoint: signed, epoch: valueBytes, proof } = handover.value;
  const note = parseNote(signed);
  if (!note.ok) return bad(note.fault.detail);
  const { text, signatures } = note.value;
  const checkpoint = parseCheckpoint(text);
  if (!checkpoint.ok) return bad(checkpoint.fault.detail);
  const { origin, epoch: found, height, stateRoot } = checkpoint.value;
  if (origin !== chain.origin) return bad(`its checkpoint is of ${origin}`);
  if (found !== epoch) return bad(`its checkpoint is of epoch ${found}`);
  if (height < start) return bad(`it ends with block ${height} and begins with ${start}`);
  const cosigners = verifyCosigners(text, signatures, origin, validators, suite);
  if (!cosigners.ok) return bad(cosigners.fault.detail);
  const value = decode(epochValueCodec, valueBytes);
  if (!value.ok) return bad(`the next set: ${value.fault.detail}`);
  const flaw = epochValueFlaw(value.value);
  if (flaw !== null) return bad(`the next set: ${flaw}`);
  if (value.value.start !== height + 1)
    return bad(`the next set begins with block ${value.value.start}, it ends with ${height}`);
  const { hasher } = suite;
  const key = stateKey(hasher, 'epoch', epoch + 1);
  const present = verifyMapPresence(mapHash(hasher), stateRoot, key, hasher.digest(valueBytes), proof);
  if (!present.ok) return bad(`the proof of the next set: ${present.fault.detail}`);
  const next = { epoch: epoch + 1, start: value.value.start, validators: value.value.validators };
  return ok({ bytes, textHash: hasher.digest(toUtf8(text)), next });
}
