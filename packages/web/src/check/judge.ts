import type { Names } from '@qifeng/client';
import {
  type Digest,
  equalBytes,
  type Fault,
  inspectReceipt,
  MAX_PROOF_BYTES,
  ok,
  parseReceipt,
  portableSuite,
  type Result,
  receiptVerifier,
  refuse,
  type StatusTrust,
  type StepFaults,
  toHex,
  type VerifiedReceipt,
  verifyReceipt,
} from '@qifeng/core';
import type { Giver, Links, Outcome } from './outcome.ts';
import { chainFacts, recordFacts } from './record-facts.ts';
import { standingFacts } from './standing-facts.ts';
import { type Judged, judgeAlone, judgeComplete, judgeFor } from './status.ts';

/** What is given to be judged; null stands for a proof that is too big to be read. */
export interface Given {
  /** Hashes the document; null without one. */
  readonly digestOf: DigestOf | null;
  readonly receipts: readonly (Uint8Array | null)[];
  /** Undefined without one. */
  readonly status: Uint8Array | null | undefined;
}
/** SHA-256 of a document. */
export type DigestOf = () => Promise<Uint8Array>;

/** The trust of the page: a chain, the suite of browsers, and how old a proof of the standing may be; and what is called how. */
export function trustIn<N extends Names>(names: N, fresh: PageTrust['fresh']): PageTrust<N> {
  return { chain: names.chain, names, suite: portableSuite, fresh };
}
/** Proofs of the standing are always judged by a clock. */
export type PageTrust<N extends Names = Names> = StatusTrust & {
  readonly fresh: NonNullable<StatusTrust['fresh']>;
  readonly names: N;
};

const REST = { publisher: true, log: true, provinces: true } as const;
const UNREACHED: Links = { publisher: null, log: null, provinces: null };

/**
 * The verdict on what a person gave: one receipt with its document or the proof of its subject's standing, or several receipts
 * with the proof of how many there are, or such a proof alone.
 */
export async function judge(given: Given, trust: PageTrust): Promise<Outcome> {
  if (given.receipts.length === 1) return judgeRecord(given, trust);
  if (given.status === undefined) return refuted(noStatus(), trust, {});
  return judgeState(given, given.status, trust);
}

/** A refutation as the page shows it. */
export function refuted(fault: Fault, { chain }: PageTrust, links: Links, giver: Giver = 'person'): Outcome {
  return { kind: 'refuted', giver, fault, links, chain: chainFacts(chain) };
}

/**
 * The receipt is judged alone first: it names the algorithm, and a false one spares reading a large file.
 */
async function judgeRecord({ digestOf, receipts, status }: Given, trust: PageTrust): Promise<Outcome> {
  const { chain, names, fresh } = trust;
  const [receipt] = receipts;
  const file = digestOf === null ? {} : { file: null };
  const later = status === undefined ? {} : { standing: null };
  if (!receipt) return refuted(tooLarge(), trust, { ...file, ...UNREACHED, ...later });
  const alone = verifyReceipt(receipt, { ...trust, digests: null });
  if (!alone.ok) return refuted(alone.fault, trust, { ...file, ...linksOf(receipt, trust), ...later });
  const compared = digestOf === null ? ok(undefined) : await compare(receipt, alone.value, digestOf, trust);
  if (!compared.ok) {
    const differs = compared.fault.code === 'file-mismatch' ? false : null;
    return refuted(compared.fault, trust, { file: differs, ...REST, ...later });
  }
  const standing = status === undefined ? null : judgeFor(alone.value, status, trust);
  if (standing !== null && !standing.ok) {
    const held = digestOf === null ? {} : { file: true };
    return refuted(standing.fault, trust, { ...held, ...REST, standing: false });
  }
  return {
    kind: 'record',
    compared: digestOf !== null,
    record: recordFacts(alone.value, names, fresh.now),
    standing: standing && standingFacts(standing.value.status, names, fresh.now, [alone.value]),
    counted: standing === null ? null : standing.value.counted,
    chain: chainFacts(chain),
  };
}

/** Several receipts and the proof that counts their records, or the proof alone. */
async function judgeState(
  { digestOf, receipts }: Given,
  status: Uint8Array | null,
  trust: PageTrust,
): Promise<Outcome> {
  const { chain, names, fresh } = trust;
  const verifies = receiptVerifier(trust);
  const records: VerifiedReceipt[] = [];
  for (const receipt of receipts) {
    if (receipt === null) return refuted(tooLarge(), trust, UNREACHED);
    const record = verifies(receipt, null);
    if (!record.ok) return refuted(record.fault, trust, linksOf(receipt, trust));
    records.push(record.value);
  }
  const links = records.length === 0 ? {} : REST;
  const judged = records.length === 0 ? judgeAlone(status, trust) : judgeComplete(records, status, trust);
  if (!judged.ok) return refuted(judged.fault, trust, { ...links, standing: false });
  if (digestOf !== null) {
    const same = isAmong(await digestOf(), judged.value, records);
    if (!same.ok) return refuted(same.fault, trust, { file: false, ...links, standing: true });
  }
  return {
    kind: 'state',
    giver: 'person',
    compared: digestOf !== null,
    state: standingFacts(judged.value.status, names, fresh.now, records),
    records: records.map(record => recordFacts(record, names, fresh.now)),
    counted: judged.value.counted,
    standings: [],
    chain: chainFacts(chain),
  };
}

async function compare(
  receipt: Uint8Array,
  alone: VerifiedReceipt,
  digestOf: DigestOf,
  trust: PageTrust,
): Promise<Result<unknown>> {
  const recorded = alone.leaf.entry.value.digest;
  if (recorded !== null && recorded.alg !== 'sha256')
    return refuse('unsupported-digest', `the record's digest is ${recorded.alg}`);
  const digests: Digest[] = recorded === null ? [] : [{ alg: 'sha256', hash: await digestOf() }];
  return verifyReceipt(receipt, { ...trust, digests });
}

/** Whether a document is the one a proof is about, or the present one of its subject, or that of one of the records. */
function isAmong(
  hash: Uint8Array,
  { status: { asked, value } }: Judged,
  records: readonly VerifiedReceipt[],
): Result<void> {
  const digests: Digest[] = records.flatMap(({ leaf, disclosed }) => {
    const digest = disclosed === null ? leaf.entry.value.digest : disclosed.digest;
    return digest === null ? [] : [digest];
  });
  if (asked.kind === 'digest') digests.push(asked);
  else if (value !== null && 'digest' in value && value.digest !== null) digests.push(value.digest);
  if (digests.some(({ alg, hash: known }) => alg === 'sha256' && equalBytes(known, hash)))
    return ok(undefined);
  return refuse('file-mismatch', `the file's sha256 is ${toHex(hash)}, and the proof is about another`);
}

/** Which links of a false receipt hold by themselves. It explains; the verdict is that of `verifyReceipt`. */
function linksOf(bytes: Uint8Array, { chain, suite }: PageTrust): Links {
  const receipt = parseReceipt(bytes);
  if (!receipt.ok) return UNREACHED;
  const { faults } = inspectReceipt(receipt.value, { chain, suite });
  if (faults === null) return UNREACHED;
  const holds = (...steps: readonly (keyof StepFaults)[]) => steps.every(step => faults[step] === null);
  return {
    publisher: holds('record', 'entry', 'submission'),
    log: holds('log'),
    provinces: holds('checkpoint', 'signatures'),
  };
}

function tooLarge(): Fault {
  return refuse('proof-too-large', `a proof of more than ${MAX_PROOF_BYTES} bytes`).fault;
}

function noStatus(): Fault {
  return refuse('status-malformed', 'nothing says how many records there are').fault;
}
