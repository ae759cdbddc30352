import {
  type Asked,
  askedIn,
  askedText,
  type Chain,
  isOfSubject,
  isStatus,
  ok,
  type RecordView,
  type Result,
  refuse,
  sameDigest,
  type VerifiedReceipt,
} from '@qifeng/core';
import type { NodeClient } from '../../../sdk/client.ts';
import type { Inbound } from '../../../succession/inbound.ts';
import type { Context } from '../../context.ts';
import { Progress } from '../../progress.ts';
import type { ProvenStatus, Prover } from '../../prover.ts';
import { inboundOf } from '../history/inbound.ts';
import { type Sources, trailOf } from '../history/provenance.ts';
import { subjectsOf } from '../history/subjects.ts';

/** What was asked about, as proven, and, of a digest, where the subjects stand that it was recorded for. */
export interface StatusAnswer {
  readonly main: ProvenStatus;
  readonly subjects: readonly ProvenSubject[];
  /** Titles in the open that records of these subjects have, the latest of each, by `askedText`. */
  readonly titles: ReadonlyMap<string, string>;
  /** What other records say of these subjects, by `askedText`. */
  readonly inbound: ReadonlyMap<string, Inbound>;
}

const NONE: StatusAnswer['inbound'] = new Map();

/** Where a subject stands, and its records that carry the digest that was asked about, the last one first. */
export interface ProvenSubject extends ProvenStatus<Asked<'subject'>> {
  readonly records: readonly RecordView[];
}

/**
 * The standing by a node's proofs. Of a digest first how often it was recorded, then each record by its receipt, then its
 * subjects, those of the last records first. Rejects with `NodeError`, and with a complaint where a proof does not hold.
 */
export async function askStatus(
  asked: Asked,
  sources: {
    readonly client: NodeClient;
    readonly chain: Chain;
    readonly prover: Prover;
    /** The record in hand, of the subject that is asked about. */
    readonly held: VerifiedReceipt | null;
    readonly context: Context;
  },
): Promise<Result<StatusAnswer>> {
  const { client, chain, prover, held, context } = sources;
  const main = await prover.ask(asked, client, context);
  const known = held === null ? ok(main) : prover.judgeFor(held, main.bytes);
  if (!known.ok) return known;
  const trusted = { client, trust: { chain, prover }, context };
  if (asked.kind !== 'digest' || main.status.value === null)
    return alone(
      main,
      isStatus(main.status, 'subject') ? await inboundOn([main.status.asked], trusted) : NONE,
    );
  const trail = await trailOf(asked, { ...trusted, progress: new Progress(context) });
  if (trail.fault !== null) return { ok: false, fault: trail.fault };
  const subjects: ProvenSubject[] = [];
  for (const subject of subjectsOf(trail)) {
    const records = trail.records
      .map(({ record }) => record)
      .filter(({ leaf }) => isOfSubject(subject, leaf));
    subjects.push({ ...(await prover.ask(subject, client, context)), records: records.toReversed() });
  }
  const records = [...trail.records.map(({ record }) => record), ...subjects.flatMap(lastOf)];
  const inbound = await inboundOn(
    subjects.map(({ status }) => status.asked),
    trusted,
  );
  return ok({ main, subjects, titles: titlesIn(records), inbound });
}

/**
 * The standing by a proof in a file: about what is asked, or, where a digest is asked, about the subject of which it is the
 * present file. `held` is the record in hand where one of its subject is. Faults: those of `verifyRecordStatus`, and
 * `other-text`.
 */
export function readStatus(
  bytes: Uint8Array,
  asked: Asked,
  held: VerifiedReceipt | null,
  prover: Prover,
): Result<StatusAnswer> {
  const subject = asked.kind === 'digest' ? subjectIn(bytes) : null;
  if (subject === null || asked.kind !== 'digest') {
    const status = held === null ? prover.judge(bytes, asked) : prover.judgeFor(held, bytes);
    return status.ok ? alone({ bytes, status: status.value }) : status;
  }
  const status = prover.judge(bytes, subject);
  if (!status.ok) return status;
  const digest = status.value.value?.digest ?? null;
  if (digest === null || !sameDigest(digest, asked))
    return refuse(
      'other-text',
      `the proof is about ${askedText(subject)}, whose present text is another file`,
    );
  return alone({ bytes, status: status.value });
}

function alone(main: ProvenStatus, inbound: StatusAnswer['inbound'] = NONE): Result<StatusAnswer> {
  return ok({ main, subjects: [], titles: titlesIn(lastOf(main)), inbound });
}

async function inboundOn(
  subjects: readonly Asked<'subject'>[],
  sources: Sources,
): Promise<StatusAnswer['inbound']> {
  const found = new Map<string, Inbound>();
  for (const subject of subjects) {
    const inbound = await inboundOf(subject, sources);
    if (inbound !== null) found.set(askedText(subject), inbound);
  }
  return found;
}

/** The last record of a subject with what its receipt shows, none of anything else. */
function lastOf({ status }: ProvenStatus): readonly Titled[] {
  return isStatus(status, 'subject') && status.last !== null ? [status.last] : [];
}

type Titled = Pick<VerifiedReceipt, 'leaf' | 'index'>;

function titlesIn(records: readonly Titled[]): ReadonlyMap<string, string> {
  const titles = new Map<string, string>();
  for (const { leaf } of records.toSorted((a, b) => a.index - b.index)) {
    const { profile, subject, meta } = leaf.entry.value;
    const title = meta.get('title');
    if (typeof title === 'string') titles.set(askedText({ kind: 'subject', profile, subject }), title);
  }
  return titles;
}

/** The subject that a proof is said to be about, null for one about anything else. */
function subjectIn(bytes: Uint8Array): Asked<'subject'> | null {
  const asked = askedIn(bytes);
  return asked.ok && asked.value.kind === 'subject' ? asked.value : null;
}
