import {
  type Asked,
  askedName,
  decode,
  encode,
  formatReceipt,
  type Handover,
  logHash,
  logProver,
  mapHash,
  parseReceipt,
  proveMapKey,
  type StatusKind,
  stateKey,
  statusProofCodec,
  statusRules,
} from '@qifeng/core';
import type { NodeService } from '../ports/node-service.ts';
import { HttpProblem } from './problem.ts';
import { checkpointAt, requireHeld, requireSigner, stored } from './state.ts';

/**
 * ms for which the signatures of a block are waited for: while blocks come one upon another, the last one that is executed is
 * never signed yet.
 */
const WAIT_MS = 1_000;

/**
 * The proof of what the state holds about a subject, a digest or a publisher, or that it holds nothing, with the receipt of
 * the last record. The map is only kept as it is now, so the proof is made at the last executed block, and given out when a
 * quorum has signed its checkpoint; where that does not come the client asks again.
 */
export async function statusProof<K extends StatusKind>(
  service: NodeService,
  asked: Asked<K>,
): Promise<Uint8Array> {
  const { ledger } = service;
  for (const end = Date.now() + WAIT_MS; ; ) {
    const height = ledger.head()?.header.height;
    if (height === undefined)
      throw HttpProblem.of('no-checkpoint', 'no block is executed yet', { retryAfter: 1 });
    requireSigner(service, height);
    const { last, ...held } = heldNow(service, asked);
    const note = await signedNote(service, height, end - Date.now());
    // A certificate may pass over a block; then there is a later one to prove it at.
    if (note === null && (ledger.head()?.header.height === height || Date.now() >= end)) throw notYet(height);
    if (note === null) continue;
    const handovers = service.handovers(checkpointAt(ledger, height)!.epoch);
    const receipt = last === null ? null : receiptAt(service, last, height, { note, handovers });
    return encode(statusProofCodec, { checkpoint: note, handovers, ...held, receipt });
  }
}

/** What the state holds after the last executed block, its proof, and the log index of the last record. */
function heldNow<K extends StatusKind>(service: NodeService, asked: Asked<K>) {
  const { ledger, suite } = service;
  const name = askedName(asked);
  const key = stateKey(suite.hasher, asked.kind, ...name);
  const { proof } = proveMapKey(mapHash(suite.hasher), ledger.pages, key);
  const value = ledger.stateValue(key);
  const last = value === null ? null : lastRecord(asked, value);
  if (last !== null) requireHeld(service, last);
  return { kind: asked.kind, name: [...name], value, ...proof, last };
}

/** The signed checkpoint of a block as soon as there is one; null where there will be none, or not within `ms`. */
function signedNote(service: NodeService, height: number, ms: number): Promise<Uint8Array | null> {
  if ((service.ledger.lastCertificate()?.height ?? 0) >= height)
    return Promise.resolve(service.signedCheckpoint(height));
  return new Promise(resolve => {
    const done = (): void => {
      clearTimeout(timer);
      stop();
      resolve(service.signedCheckpoint(height));
    };
    const timer = setTimeout(done, Math.max(0, ms));
    const stop = service.onFinal(final => {
      if (final >= height) done();
    });
  });
}

/** Log index of the last record of what a value is of. */
function lastRecord<K extends StatusKind>({ kind }: Asked<K>, value: Uint8Array): number | null {
  const { codec, headOf } = statusRules<K>(kind as K);
  return headOf(stored(decode(codec, value), `the ${kind}`));
}

/** The receipt of a record against the checkpoint of `height` instead of that of its own block. */
function receiptAt(
  service: NodeService,
  index: number,
  height: number,
  { note, handovers }: { readonly note: Uint8Array; readonly handovers: readonly Handover[] | null },
): Uint8Array {
  const { ledger, suite } = service;
  const bytes = service.receipt(index);
  if (bytes === null) throw notYet(height);
  const own = stored(parseReceipt(bytes), `the receipt of record ${index}`);
  const { size } = checkpointAt(ledger, height)!;
  const path = stored(logProver(logHash(suite.hasher), ledger.tiles).inclusion(index, size), 'the tree');
  return formatReceipt({ extra: { ...own.extra, handovers }, index, path, note });
}

function notYet(height: number): HttpProblem {
  const detail = `the checkpoint of block ${height}, the last one, is not signed by a quorum yet`;
  return HttpProblem.of('not-final', detail, { retryAfter: 1 });
}
