import {
  type Chain,
  type Checkpoint,
  type Codec,
  decode,
  type EpochValue,
  epochValueCodec,
  invariant,
  type Leaf,
  leafCodec,
  type NamePart,
  normalId,
  parseCheckpoint,
  type RecordView,
  type Result,
  type StandingView,
  type StateKind,
  stateKey,
  subjectValueCodec,
  toHex,
} from '@qifeng/core';
import type { LedgerReader, RecordList } from '../ports/ledger-store.ts';
import type { NodeService } from '../ports/node-service.ts';
import type { Later } from './call.ts';
import { HttpProblem } from './problem.ts';

/** Seconds after which validators may be asked again for what none of them gave. */
const LINE_RETRY_S = 2;

/** A subject as a path names it. */
export interface SubjectPath {
  readonly profile: string;
  readonly issuer: string;
  readonly id: string;
}

/** What the store wrote itself is read back, or the store is damaged. */
export function stored<T>(result: Result<T>, what: string): T {
  invariant(result.ok, `${what} in the store is what was written`);
  return result.value;
}

/** A value of the certified state after the last executed block, or null. */
export function stateValue<T>(
  { ledger, suite }: NodeService,
  codec: Codec<T>,
  kind: StateKind,
  ...parts: readonly NamePart[]
): T | null {
  const bytes = ledger.stateValue(stateKey(suite.hasher, kind, ...parts));
  return bytes === null ? null : stored(decode(codec, bytes), `the ${kind}`);
}

/** The leaf at a log index, or null. */
export function leafAt(ledger: LedgerReader, index: number): Leaf | null {
  const bytes = ledger.leaf(index);
  return bytes === null ? null : stored(decode(leafCodec, bytes), `leaf ${index}`);
}

/** The record at a log index that the store listed. */
export function listedRecord(ledger: LedgerReader, index: number): RecordView {
  const leaf = leafAt(ledger, index);
  invariant(leaf !== null, `record ${index} is in the log`);
  return { index, leaf };
}

/**
 * What `make` gives of a block at `height`, once a note about it can have a log line: at once where this node signs it
 * itself or holds it, else `later` when a validator gave one. Refuses where none did.
 */
export function withLogLine<T>(
  service: NodeService,
  height: number,
  make: () => T,
  later: Later,
): T | Promise<T> {
  const prepared = service.prepare(height);
  if (prepared === true) return make();
  return prepared.then(given => {
    if (given) return later(make);
    const detail = `${service.code} is no validator, and none signed the checkpoint of block ${height} for it in time`;
    throw HttpProblem.of('no-log-key', detail, { retryAfter: LINE_RETRY_S });
  });
}

/** The receipt of a record, for which its block's log line is here; refuses where it is not final yet. */
export function receiptOf(service: NodeService, index: number): Uint8Array {
  const receipt = service.receipt(index);
  if (receipt !== null) return receipt;
  const detail = 'no checkpoint with a quorum’s signatures covers this record yet';
  throw HttpProblem.of('not-final', detail, { retryAfter: 1 });
}

/** Refuses what is older than the snapshot that the node's store was made from, `from` being its log index. */
export function requireHeld({ ledger }: NodeService, from: number, id?: Uint8Array): void {
  const base = ledger.base();
  if (base === null || from >= base.size) return;
  const detail = `this node holds no record below index ${base.size}: its store begins with a snapshot of block ${base.height}`;
  throw HttpProblem.of('not-held', detail, id === undefined ? {} : { id: toHex(id) });
}

/** The same for a list of which the state says how many records it has: those before the snapshot are in no list here. */
export function requireListed(
  service: NodeService,
  list: RecordList,
  name: Uint8Array,
  count: number,
  from: number,
): void {
  const base = service.ledger.base();
  if (base === null || from >= base.size) return;
  const most = Math.min(count, MOST_COUNTED);
  if (service.ledger.list(list, name, base.size, most).length < count) requireHeld(service, from);
}

/** Where a subject stands, or null if it has no record. */
export function standingOf(service: NodeService, { profile, issuer, id }: SubjectPath): StandingView | null {
  const value = stateValue(service, subjectValueCodec, 'subject', profile, issuer, id);
  return value === null ? null : { ...value, profile, issuer, id };
}

/** Where a subject stands. Problem `no-subject`, which names the one that has its number in normal form, if there is one. */
export function requireStanding(service: NodeService, path: SubjectPath): StandingView {
  const standing = standingOf(service, path);
  if (standing !== null) return standing;
  const { profile, issuer, id } = path;
  const normal = { ...path, id: normalId(id) };
  const has = normal.id !== id && standingOf(service, normal) !== null ? `; ${normal.id} has` : '';
  throw HttpProblem.of('no-subject', `${profile}/${issuer}/${id} has no record on this ledger${has}`);
}

/** Height and time of the last executed block; the genesis before the first. */
export function asOf({ ledger, chain }: NodeService): { readonly height: number; readonly time: number } {
  const header = ledger.head()?.header;
  return { height: header?.height ?? 0, time: header?.timestamp ?? chain.genesis.created };
}

/** The checkpoint after an executed block, or null. */
export function checkpointAt(ledger: LedgerReader, height: number): Checkpoint | null {
  const text = ledger.checkpointText(height);
  return text === null ? null : stored(parseCheckpoint(text), `the checkpoint of block ${height}`);
}

/** Records of a list that are counted at most, to see whether all of them are held. */
const MOST_COUNTED = 4096;
/** How far down a certificate is looked for: while a node catches up it may hold only ones of blocks to come. */
const MOST_LOOKED_AT = 256;

/** The highest certified height that is executed here, or null. */
export function certifiedHeight(ledger: LedgerReader): number | null {
  const head = ledger.head()?.header.height ?? 0;
  const last = ledger.lastCertificate();
  if (last !== null && last.height <= head) return last.height;
  for (let height = head; height > Math.max(0, head - MOST_LOOKED_AT); height--) {
    const found = ledger.certificateFrom(height);
    if (found !== null && found.height <= head) return found.height;
  }
  return null;
}

/** A validator set, or null if there is no such epoch yet. */
export function epochOf(service: NodeService, epoch: number): EpochValue | null {
  return (
    stateValue(service, epochValueCodec, 'epoch', epoch) ?? (epoch === 0 ? firstEpoch(service.chain) : null)
  );
}

/** The epoch in which the next block is made: that of the last one, unless it ended its epoch and is final. */
export function currentEpoch(service: NodeService): number {
  const epoch = service.ledger.head()?.header.epoch ?? 0;
  const next = epochOf(service, epoch + 1);
  const isFinal = next !== null && (certifiedHeight(service.ledger) ?? 0) >= next.start - 1;
  return isFinal ? epoch + 1 : epoch;
}

function firstEpoch({ validators }: Chain): EpochValue {
  return { n: validators.length, start: 1, validators };
}
