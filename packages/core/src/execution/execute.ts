import type { Codec } from '../encoding/codec.ts';
import type { Entry } from '../records/entry.ts';
import { endsEpoch, GOVERNANCE } from '../records/governance.ts';
import { type Leaf, leafCodec } from '../records/leaf.ts';
import { encloses } from '../records/profile.ts';
import type { SubjectValue } from '../records/state.ts';
import type { Submission } from '../records/submission.ts';
import { standingAfter } from './check-fields.ts';
import { linkedOwner } from './check-links.ts';
import { quotaDay, stateRefusal, windowRefusal } from './check-submission.ts';
import { encodeAll } from './encode-all.ts';
import { applyGovernance, type RecordedAt } from './governance.ts';
import { jointStanding } from './joint-issue.ts';
import type {
  BlockInput,
  BlockResult,
  ExecutedRecord,
  IndexRow,
  Rules,
  StateView,
  SubmissionOutcome,
} from './types.ts';
import { type WorkingState, workingState } from './working-state.ts';

/**
 * Executes a committed block: a pure function of the block, the state before it and the chain. Expired submissions are
 * forgotten first; then each submission in turn is dropped (outside its window), passed over (a repeat), refused whole or
 * recorded whole. Both of the last are remembered until they expire.
 */
export function executeBlock(block: BlockInput, view: StateView, rules: Rules): BlockResult {
  const { height, timestamp } = block.header;
  const state = workingState(view, rules.chain);
  const records: ExecutedRecord[] = [];
  const rows: IndexRow[] = [];
  const outcomes: SubmissionOutcome[] = [];
  const dropped: { id: Uint8Array; refusal: NonNullable<SubmissionOutcome['refusal']> }[] = [];
  let closes = false;
  state.forget(timestamp);
  for (const submission of block.submissions) {
    const { id, header, entries } = submission;
    const outside = windowRefusal(submission, timestamp);
    if (outside !== null) {
      dropped.push({ id, refusal: outside });
      continue;
    }
    const memory = state.submission(id);
    if (memory.value !== null) continue;
    const refusal = stateRefusal(state, submission, rules, { height, time: timestamp });
    const first = refusal === null ? block.firstIndex + records.length : null;
    const count = refusal === null ? entries.length : 0;
    if (refusal === null) {
      closes ||= endsEpoch(submission);
      for (let i = 0; i < entries.length; i++)
        records.push(record(state, block, submission, i, block.firstIndex + records.length, rows));
    }
    memory.set({
      expires: header.expires,
      height,
      first,
      count,
      code: refusal?.code ?? null,
      entry: refusal?.entry ?? null,
      // Sentences change from release to release, the certified state must not.
      detail: null,
    });
    outcomes.push({ id, height, first, count, refusal });
  }
  const leaves = encodeAll(records.map(({ leaf }) => ({ codec: leafCodec as Codec<unknown>, value: leaf })));
  return { leaves, records, changes: state.changes(), outcomes, rows, dropped, closes };
}

/** Applies entry `i`, which nothing speaks against, as the log's record `index`. */
function record(
  state: WorkingState,
  { header: { height, timestamp } }: BlockInput,
  { id, header, entries, entryBytes }: Submission,
  i: number,
  index: number,
  rows: IndexRow[],
): ExecutedRecord {
  const entry = entries[i]!;
  const publisher = state.publisher(header.publisher);
  const subject = state.subject(entry.profile, entry.subject);
  const before = subject.value;
  const chained = {
    seq: publisher.value!.seq + 1,
    publisherPrev: publisher.value!.head,
    version: (before?.version ?? 0) + 1,
    subjectPrev: before?.head ?? null,
  };
  const day = quotaDay(timestamp);
  const used = (publisher.value!.day === day ? publisher.value!.used : 0) + 1;
  publisher.set({ ...publisher.value!, day, used, seq: chained.seq, head: index });
  subject.set({
    profile: entry.profile,
    head: index,
    version: chained.version,
    ...standingOf(state, entry, before, { publisher: header.publisher, height, index }),
  });
  earlier(rows, 'subject', subject.name, chained.subjectPrev);
  earlier(rows, 'publisher', publisher.name, chained.publisherPrev);
  if (entry.digest !== null) {
    const digest = state.digest(entry.digest);
    const { first, last, count } = digest.value ?? { first: index, last: null, count: 0 };
    digest.set({ first, last: index, count: count + 1 });
    earlier(rows, 'digest', digest.name, last);
  }
  const leaf: Leaf = {
    v: 1,
    height,
    time: timestamp,
    submission: id,
    i,
    publisher: header.publisher,
    ...chained,
    entry: { value: entry, bytes: entryBytes[i]! },
  };
  const issuer =
    entry.subject.issuer === header.publisher ? publisher : state.publisher(entry.subject.issuer);
  return { leaf, subject: subject.value!, issuerName: issuer.value?.name ?? null };
}

/** Lists the record that was the last one until now: most subjects and files have one record and so no list. */
function earlier(rows: IndexRow[], list: IndexRow['list'], name: Uint8Array, index: number | null): void {
  if (index !== null) rows.push({ list, name, index });
}

/**
 * Standing of the subject after its entry, with the file that is its text; what a governance entry says is applied with it.
 */
function standingOf(
  state: WorkingState,
  entry: Entry,
  before: SubjectValue | null,
  at: RecordedAt,
): Pick<SubjectValue, 'state' | 'owner' | 'digest' | 'validFrom' | 'validTo' | 'awaiting'> {
  if (entry.profile === GOVERNANCE)
    return { ...applyGovernance(state, entry, at), digest: null, awaiting: [] };
  const rules = state.profile(entry.profile)!;
  const action = rules.actions.get(entry.action)!;
  const fields = standingAfter(
    action,
    entry,
    before ?? { owner: at.publisher, validFrom: null, validTo: null },
  );
  const owner = linkedOwner(state, action.action, entry) ?? fields.owner;
  const text = encloses(action.action) ? null : entry.digest;
  const digest = text ?? before?.digest ?? null;
  return { ...jointStanding(rules, action, entry, at.publisher, before), ...fields, owner, digest };
}
