import {
  type documentView,
  type JsonCodec,
  type Problem,
  problemView,
  type RecordView,
  readJson,
  recordedView,
  recordPageView,
  type StandingView,
  subjectStandingView,
  submissionStatusView,
} from '@qifeng/core';
import { NodeError } from './node-error.ts';
import type { Answer } from './transport.ts';

/** The type that a view of the interface carries. */
export type Viewed<C> = C extends JsonCodec<infer T> ? T : never;

/** A submission whose block is final. */
export interface FinalSubmission {
  readonly type: 'final';
  readonly height: number | null;
  /** Log indexes of its records in order of the entries. */
  readonly indexes: readonly number[];
  /** Receipts that came along, unverified, by log index. */
  readonly proofs: ReadonlyMap<number, string>;
}

/** A submission that the ledger, or a node at its door, refused as a whole: code, sentence, entry at fault. */
export interface RefusedSubmission {
  readonly type: 'refused';
  readonly code: string;
  readonly detail: string;
  readonly entry: number | null;
}

/** What a node knows about a submission. */
export type SubmissionAnswer =
  | FinalSubmission
  | RefusedSubmission
  /** Taken in, not final yet. */
  | { readonly type: 'pending' }
  /** Not known to this node. */
  | { readonly type: 'unknown' };

/** Where a subject stands by a node's word, and the height and time (ms) of the state it tells from. */
export interface SubjectAnswer {
  readonly standing: StandingView;
  readonly asOf: AsOf;
}

/** Height and time (ms) of the state that an answer is from. */
export type AsOf = Viewed<typeof subjectStandingView>['asOf'];

/** One record of a file, with the standing of its subject. */
export type DocumentRecord = Viewed<typeof documentView>['records'][number];

/** Records that a node lists. */
export interface Listed<T> {
  readonly records: readonly T[];
  /** Whether there are more that were not asked for. */
  readonly isCut: boolean;
}

/** The records of a file by a node's word. */
export interface DocumentAnswer extends Listed<DocumentRecord> {
  readonly asOf: AsOf;
}

/** One page of a list. */
export interface Page<T> {
  readonly records: readonly T[];
  readonly next: number | null;
}

/** The value of an answer by its view in the interface; `bad-answer` where it is not one. */
export function valueIn<T>(view: JsonCodec<T>, { text, node }: Answer): T {
  const value = readJson(view, text);
  if (value.ok) return value.value;
  throw new NodeError('bad-answer', `${node}: ${value.fault.detail}`);
}

/** `POST /v1/submissions?wait=final` with 200: recorded, with its receipts. */
export function recordedIn(answer: Answer): FinalSubmission {
  const { height, receipts } = valueIn(recordedView, answer);
  return {
    type: 'final',
    height,
    indexes: receipts.map(({ index }) => index),
    proofs: new Map(receipts.map(({ index, proof }) => [index, proof])),
  };
}

/** `GET /v1/submissions/{id}`. */
export function submissionIn(answer: Answer): SubmissionAnswer {
  const { status, height, first, count, refusal } = valueIn(submissionStatusView, answer);
  if (refusal !== null) return { type: 'refused', ...refusal };
  if (status !== 'recorded' || first === null || count > 1024) return { type: 'pending' };
  const indexes = Array.from({ length: count }, (_, i) => first + i);
  return { type: 'final', height, indexes, proofs: new Map() };
}

/** `GET /v1/subjects/{profile}/{issuer}/{id}`. */
export function subjectIn(answer: Answer): SubjectAnswer {
  return valueIn(subjectStandingView, answer);
}

/** One page of `GET …/history`. */
export function recordsIn(answer: Answer): Page<RecordView> {
  return valueIn(recordPageView, answer);
}

/** The problem of an error answer (RFC 9457), null where there is none. */
export function problemIn({ text }: Answer): Problem | null {
  const problem = readJson(problemView, text);
  return problem.ok ? problem.value : null;
}

/** A refusal as its problem tells it. */
export function refusalOf({ code, detail, entry }: Problem): RefusedSubmission {
  return { type: 'refused', code, detail, entry };
}
