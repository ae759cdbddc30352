import {
  type Asked,
  askedName,
  decode,
  encode,
  mapHash,
  proveMapKey,
  type StatusKind,
  stateKey,
  statusProofCodec,
  statusRules,
} from '@qifeng/core';
import type { NodeService } from '../ports/node-service.ts';
import type { Later } from './call.ts';
import { HttpProblem } from './problem.ts';
import { checkpointAt, requireHeld, stored, withLogLine } from './state.ts';

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
  later: Later,
): Promise<Uint8Array> {
  const { ledger } = service;
  for (const end = Date.now() + WAIT_MS; ; ) {
    const height = ledger.head()?.header.height;
    if (height === undefined)
      throw HttpProblem.of('no-checkpoint', 'no block is executed yet', { retryAfter: 1 });
    const { last, ...held } = heldNow(service, asked);
    const note = await signedNote(service, height, end - Date.now(), later);
    // A certificate may pass over a block; then there is a later one to prove it at.
    if (note === null && (ledger.head()?.header.height === height || Date.now() >= end)) throw notYet(height);
    if (note === null) continue;
    const handovers = service.handovers(checkpointAt(ledger, height)!.epoch);
    // Against this checkpoint, not that of its own block.
    const receipt = last === null ? null : service.receipt(last, height);
    if (last !== null && receipt === null) throw notYet(height);
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
async function signedNote(
  service: NodeService,
  height: number,
  ms: number,
  later: Later,
): Promise<Uint8Array | null> {
  if ((service.ledger.lastCertificate()?.height ?? 0) < height) await untilFinal(service, height, ms);
  return withLogLine(service, height, () => service.signedCheckpoint(height), later);
}

/** Resolves when a block is final, or after `ms`. */
function untilFinal(service: NodeService, height: number, ms: number): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
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

function notYet(height: number): HttpProblem {
  const detail = `the checkpoint of block ${height}, the last one, is not signed by a quorum yet`;
  return HttpProblem.of('not-final', detail, { retryAfter: 1 });
}
