import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Chain, type Entry, type Link, signSubmission } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { Connection } from '../../../bench/load/connection.ts';
import { beginning, following, goesOn } from '../../fixtures/catalogue.ts';
import type { Enterprise } from './enterprises.ts';

/** Subjects that one submission begins, and of how many of them the next one records what follows. */
const BEGUN = 6;
const FOLLOWED = 4;
/** Submissions under way. */
const WORKERS = 48;
/** Ms before the same bytes are sent again, and after which they are given up. */
const AGAIN_MS = 200;
const GIVE_UP_MS = 300_000;
const LIFE_MS = 3_600_000;
/** One answer in so many is kept with its receipts. */
const KEEP_EVERY = 100;

/** One record that was acknowledged. */
export interface Recorded {
  readonly entry: Entry;
  /** Number of its subject. */
  readonly i: number;
  readonly index: number;
}

/** Receipts of one submission, with the lengths of what was sent. */
export interface Kept {
  readonly wire: number;
  readonly proofs: readonly string[];
}

/** What was recorded in all. */
export interface Recording {
  /** By log index, the last of its subject or not. */
  readonly records: readonly Recorded[];
  readonly kept: readonly Kept[];
  readonly submissions: number;
  readonly problems: readonly string[];
}

interface Answer {
  readonly receipts?: readonly { readonly index: number; readonly proof: string }[];
}

/**
 * So many records by as many enterprises as it takes, in batches through all nodes: of an enterprise's turn one submission
 * begins subjects in its two profiles, the next records what follows on most of them. `told` hears how many there are.
 */
export async function record(
  chain: Chain,
  urls: readonly string[],
  enterprises: readonly Enterprise[],
  count: number,
  told: (records: number) => void,
): Promise<Recording> {
  const records: Recorded[] = [];
  const kept: Kept[] = [];
  const problems: string[] = [];
  let [submissions, subjects, turn] = [0, 0, 0];

  const submit = async (connection: Connection, by: Enterprise, of: readonly Omit<Recorded, 'index'>[]) => {
    const wire = signed(
      chain,
      by,
      of.map(({ entry }) => entry),
    );
    const body = await untilFinal(connection, wire);
    if (body.receipts?.length !== of.length) {
      problems.push(`${by.id}: ${JSON.stringify(body).slice(0, 300)}`);
      return [];
    }
    if (submissions++ % KEEP_EVERY === 0)
      kept.push({ wire: wire.length, proofs: body.receipts.map(({ proof }) => proof) });
    const done = of.map((one, at) => ({ ...one, index: body.receipts![at]!.index }));
    records.push(...done);
    told(records.length);
    return done;
  };
  const begin = (by: Enterprise, number: number, dataset: Link | null) =>
    Array.from({ length: number }, (_, at) => {
      const i = subjects++;
      return { i, entry: beginning(by.profiles[at % 2]!, i, by.id, dataset) };
    });

  // A share is of an open dataset: one that nobody changes.
  const keeper = enterprises.find(({ profiles }) => profiles.includes('dataset'))!;
  const first = await Connection.open(urls[0]!);
  const [open] = await submit(first, keeper, [
    { i: subjects, entry: beginning('dataset', subjects++, keeper.id, null) },
  ]);
  first.close();
  if (open === undefined) return { records, kept, submissions, problems };
  const dataset: Link = { rel: 'of', subject: open.entry.subject, index: open.index };

  const work = async (worker: number): Promise<void> => {
    const connection = await Connection.open(urls[worker % urls.length]!);
    while (problems.length === 0 && turn * (BEGUN + FOLLOWED) < count) {
      const by = enterprises[turn++ % enterprises.length]!;
      const begun = await submit(connection, by, begin(by, BEGUN, dataset));
      const next = begun.filter(({ entry }) => goesOn(entry.profile)).slice(0, FOLLOWED);
      const follow = next.map(({ entry, i, index }) => ({ i, entry: following(entry, i, index) }));
      await submit(connection, by, [...follow, ...begin(by, FOLLOWED - follow.length, dataset)]);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));
  return { records: records.sort((a, b) => a.index - b.index), kept, submissions, problems };
}

function signed({ hash }: Chain, { id, signer }: Enterprise, entries: readonly Entry[]): Uint8Array {
  const issuedAt = Date.now();
  const nonce = new Uint8Array(randomBytes(16));
  const draft = { genesis: hash, publisher: id, nonce, issuedAt, expires: issuedAt + LIFE_MS, entries };
  return signSubmission(draft, signer, nativeSuite.hasher);
}

/** The same bytes again until their records are final or refused. */
async function untilFinal(connection: Connection, wire: Uint8Array): Promise<Answer> {
  const end = performance.now() + GIVE_UP_MS;
  for (;;) {
    const { status, body } = await connection.post('/v1/submissions?wait=final', wire);
    const later = status === 429 || status >= 500;
    if (!later || performance.now() > end) return JSON.parse(body.toString()) as Answer;
    await pause(AGAIN_MS);
  }
}
