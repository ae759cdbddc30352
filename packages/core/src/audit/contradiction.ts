import { equalBytes } from '../encoding/bytes.ts';
import { byteString, type Carried, decode, encode, fixedBytes, list, record } from '../encoding/codec.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import { blockHash, headerCodec } from '../ledger/block.ts';
import { logHash } from '../merkle/log-hash.ts';
import { verifyConsistency } from '../merkle/log-verify.ts';
import { mapHash } from '../merkle/map-hash.ts';
import { mapProofCodec } from '../merkle/map-proof.ts';
import { verifyMapPresence } from '../merkle/map-verify.ts';
import type { HandoverTrust } from '../receipts/handovers.ts';
import { epochValueCodec, stateKey } from '../records/state.ts';
import type { Certified } from './certificate.ts';

/** Headers in one piece of evidence at most. */
export const MAX_EVIDENCE_HEADERS = 65_536;

const logShown = record({ root: fixedBytes(32), path: list(fixedBytes(32), 64) });
const blocksShown = record({ headers: list(headerCodec, MAX_EVIDENCE_HEADERS, 1) });
const epochShown = record({ value: byteString(1, 64 * 1024), proof: mapProofCodec });

/**
 * How two checkpoints, the first of which is not the higher one, exclude each other:
 * - `height`: one height, two texts;
 * - `order`: the lower block has the longer log or the later epoch;
 * - `log`: the second's log does not begin with the first's. `root` is that of the second's log at the first's size, `path`
 *   the consistency proof (RFC 9162 section 2.1.4) from there to the second's root;
 * - `blocks`: the second's blocks do not go back to the first's. `headers` are those above the first up to the second;
 * - `epoch-end`: the first ended the epoch that the second is still of. `value` is the next epoch's, `proof` that of its
 *   place in the first's state.
 */
export type Contradiction =
  | { readonly kind: 'height' | 'order' }
  | ({ readonly kind: 'log' } & Carried<typeof logShown>)
  | ({ readonly kind: 'blocks' } & Carried<typeof blocksShown>)
  | ({ readonly kind: 'epoch-end' } & Carried<typeof epochShown>);

/** What shows a contradiction, as canonical bytes; null where the two texts say it all. */
export function encodeShown(said: Contradiction): Uint8Array | null {
  switch (said.kind) {
    case 'log':
      return encode(logShown, said);
    case 'blocks':
      return encode(blocksShown, said);
    case 'epoch-end':
      return encode(epochShown, said);
    default:
      return null;
  }
}

/** The inverse of `encodeShown`. Faults: `cbor-…`, `bad-evidence` (something missing, or there where nothing belongs). */
export function decodeShown(kind: Contradiction['kind'], bytes: Uint8Array | null): Result<Contradiction> {
  const plain = kind === 'height' || kind === 'order';
  if (plain !== (bytes === null))
    return refuse('bad-evidence', 'a proof is missing, or there is one where the texts say it all');
  if (plain) return ok({ kind });
  switch (kind) {
    case 'log':
      return shownAs(kind, decode(logShown, bytes!));
    case 'blocks':
      return shownAs(kind, decode(blocksShown, bytes!));
    case 'epoch-end':
      return shownAs(kind, decode(epochShown, bytes!));
  }
}

function shownAs<K, T>(kind: K, shown: Result<T>): Result<T & { readonly kind: K }> {
  return shown.ok ? ok({ ...shown.value, kind }) : shown;
}

/** That two checkpoints exclude each other as is said. Fault: `no-conflict`. */
export function verifyContradiction(
  first: Certified,
  second: Certified,
  said: Contradiction,
  trust: HandoverTrust,
): Result<void> {
  const flaw = flawOf(first, second, said, trust);
  return flaw === null ? ok(undefined) : refuse('no-conflict', flaw);
}

function flawOf(
  first: Certified,
  second: Certified,
  said: Contradiction,
  { suite: { hasher } }: HandoverTrust,
): string | null {
  const [low, high] = [first.checkpoint, second.checkpoint];
  const above = high.height > low.height;
  switch (said.kind) {
    case 'height':
      return high.height === low.height && first.text !== second.text ? null : 'not two texts of one height';
    case 'order':
      return above && (low.size > high.size || low.epoch > high.epoch)
        ? null
        : 'neither log nor epoch goes back';
    case 'log': {
      if (!above || equalBytes(said.root, low.root)) return 'the logs agree';
      const path = verifyConsistency(logHash(hasher), low.size, high.size, said.root, high.root, said.path);
      return path.ok ? null : `the proof of the other log: ${path.fault.detail}`;
    }
    case 'blocks': {
      const { headers } = said;
      if (headers.length !== high.height - low.height) return 'not all headers between the two';
      let above: Uint8Array = high.blockHash;
      for (const header of headers.toReversed()) {
        if (!equalBytes(blockHash(header, hasher), above))
          return `block ${header.height} is not of this chain`;
        above = header.parent;
      }
      return equalBytes(above, low.blockHash) ? 'the blocks agree' : null;
    }
    case 'epoch-end': {
      if (!above || low.epoch !== high.epoch) return 'not two heights of one epoch';
      const value = decode(epochValueCodec, said.value);
      if (!value.ok || value.value.start !== low.height + 1) return 'the next epoch begins elsewhere';
      const key = stateKey(hasher, 'epoch', low.epoch + 1);
      const { value: bytes, proof } = said;
      const held = verifyMapPresence(mapHash(hasher), low.stateRoot, key, hasher.digest(bytes), proof);
      return held.ok ? null : `the proof of the next epoch: ${held.fault.detail}`;
    }
  }
}
