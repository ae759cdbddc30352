import { type Inbound, inboundLinks, NodeClient, NodeError, type Register, wantedOf } from '@qifeng/client';
import {
  type Digest,
  equalBytes,
  type Fault,
  ok,
  type Result,
  receiptVerifier,
  refuse,
  subjectText,
  toHex,
  toUtf8,
  type VerifiedReceipt,
  type VerifiedStatus,
  verifyComplete,
  verifyRecordStatus,
  verifyStatusProof,
} from '@qifeng/core';
import { type DigestOf, type PageTrust, refuted } from './judge.ts';
import type { Outcome } from './outcome.ts';
import { chainFacts, recordFacts } from './record-facts.ts';
import { standingFacts } from './standing-facts.ts';
import { countAll } from './status.ts';

/** Records of one digest whose receipts are asked for, and their subjects whose standing is: a file has one or two. */
const MAX_RECORDS = 32;
const MAX_SUBJECTS = 8;
/** Records of a subject that are read to know who its issuers are, where others say something of it. */
const MAX_HISTORY = 64;

/**
 * What a node proves about a digest: how often it was recorded, each record by its receipt, and where their subjects stand.
 * All of it is verified here; where the node proves nothing, its word is told as that. Rejects with `NodeError` where it
 * says nothing either. Names of what it proves are learnt of it, too.
 */
export async function askNode(
  digest: Digest,
  node: string,
  digestOf: DigestOf | null,
  trust: PageTrust<Register>,
  signal: AbortSignal,
): Promise<Outcome> {
  const client = new NodeClient({ nodes: [node], signal });
  const refute = (fault: Fault) => refuted(fault, trust, { standing: false }, 'node');
  if (digestOf !== null) {
    const same = await isFile(digest, digestOf);
    if (!same.ok) return refuted(same.fault, trust, { file: false }, 'person');
  }
  const asked = { kind: 'digest', ...digest } as const;
  let proof: Uint8Array;
  try {
    proof = await client.statusProof(asked);
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    return wordOf(digest, client, error.message);
  }
  const status = verifyStatusProof(proof, asked, trust);
  if (!status.ok) return refute(status.fault);
  const records = await provenRecords(status.value, client, trust);
  if (!records.ok) return refute(records.fault);
  const standings = await provenStandings(records.value, client, trust);
  if (!standings.ok) return refute(standings.fault);
  const isAll = (status.value.value?.count ?? 0) <= MAX_RECORDS;
  const counted = isAll ? countAll(status.value, records.value) : null;
  if (counted !== null && !counted.ok) return refute(counted.fault);
  const inbound: (Inbound | null)[] = [];
  for (const standing of standings.value) inbound.push(await inboundOf(standing, client, trust));
  const { chain, names, fresh } = trust;
  await names.learn(wantedOf(records.value.map(({ leaf }) => leaf)), client);
  return {
    kind: 'state',
    giver: 'node',
    compared: digestOf !== null,
    state: standingFacts(status.value, names, fresh.now),
    records: records.value.map(record => recordFacts(record, names, fresh.now)),
    counted: counted?.value.counted ?? null,
    standings: standings.value.map((standing, i) =>
      standingFacts(standing, names, fresh.now, records.value, inbound[i]),
    ),
    chain: chainFacts(chain),
  };
}

async function isFile({ alg, hash }: Digest, digestOf: DigestOf): Promise<Result<void>> {
  if (alg !== 'sha256') return refuse('unsupported-digest', `the address asks for ${alg}`);
  const mine = await digestOf();
  if (equalBytes(mine, hash)) return ok(undefined);
  return refuse('file-mismatch', `the file's sha256 is ${toHex(mine)}, the address asks for ${toHex(hash)}`);
}

/** The records that the proof counts, by their receipts; of more than `MAX_RECORDS` the last one. */
async function provenRecords(
  { value, last, checkpoint }: VerifiedStatus<'digest'>,
  client: NodeClient,
  trust: PageTrust,
): Promise<Result<readonly VerifiedReceipt[]>> {
  if (value === null || last === null) return ok([]);
  if (value.count > MAX_RECORDS) return ok([last]);
  const { digest } = last.leaf.entry.value;
  const listed = digest === null ? null : await client.documents(digest);
  // Those that came after the proof are for the next one.
  const counted = (listed?.records ?? [])
    .filter(({ index }) => index < checkpoint.size)
    .slice(0, value.count);
  const verifies = receiptVerifier(trust);
  const records: VerifiedReceipt[] = [];
  for (const { index } of counted) {
    const record = verifies(toUtf8(await client.receipt(index)), null);
    if (!record.ok) return record;
    records.push(record.value);
  }
  return ok(records);
}

/** Where the subjects of the records stand, those of the last records first. */
async function provenStandings(
  records: readonly VerifiedReceipt[],
  client: NodeClient,
  trust: PageTrust,
): Promise<Result<readonly VerifiedStatus<'subject'>[]>> {
  const newest = new Map<string, VerifiedReceipt>();
  for (const record of records.toSorted((a, b) => b.index - a.index)) {
    const { profile, subject } = record.leaf.entry.value;
    const path = subjectText({ profile, subject });
    if (!newest.has(path) && newest.size < MAX_SUBJECTS) newest.set(path, record);
  }
  const standings: VerifiedStatus<'subject'>[] = [];
  for (const record of newest.values()) {
    const { profile, subject } = record.leaf.entry.value;
    const proof = await client.statusProof({ kind: 'subject', profile, subject });
    const status = verifyRecordStatus(proof, record, trust);
    if (!status.ok) return status;
    standings.push(status.value);
  }
  return ok(standings);
}

/** What other records say of a subject, as far as all its own show who may say so. */
function inboundOf(
  status: VerifiedStatus<'subject'>,
  client: NodeClient,
  trust: PageTrust,
): Promise<Inbound | null> {
  const { asked, value, checkpoint } = status;
  const verifies = receiptVerifier(trust);
  const history = async () => {
    const until = checkpoint.size;
    const listed = await client.history(asked.profile, asked.subject, { until });
    const counted = listed.records.filter(({ index }) => index < until);
    if (counted.length > MAX_HISTORY) return null;
    const records: VerifiedReceipt[] = [];
    for (const { index } of counted) {
      const record = verifies(toUtf8(await client.receipt(index)), null);
      if (!record.ok) return null;
      records.push(record.value);
    }
    return verifyComplete(status, records).ok ? { records, awaiting: value?.awaiting ?? [] } : null;
  };
  return inboundLinks(asked, { client, verifies, history });
}

async function wordOf(digest: Digest, client: NodeClient, why: string): Promise<Outcome> {
  const said = await client.documents(digest);
  const records = (said?.records ?? []).slice(-MAX_RECORDS).map(({ index, leaf, standing }) => ({
    index,
    subject: subjectText(leaf.entry.value),
    publisher: leaf.publisher,
    time: leaf.time,
    state: standing?.state ?? null,
  }));
  return { kind: 'word', records, why };
}
