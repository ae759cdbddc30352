import { encode, fixedBytes, list, record } from '../encoding/codec.ts';
import type { Result } from '../encoding/result.ts';
import { type Entry, entryCodec } from '../records/entry.ts';
import {
  MAX_ENTRIES,
  type Submission,
  type SubmissionHeader,
  submissionHeaderCodec,
} from '../records/submission.ts';
import {
  type JsonCodec,
  jsonAs,
  jsonExactly,
  jsonHex,
  jsonList,
  jsonObject,
  jsonText,
  jsonUint,
  readJson,
  writeJson,
} from './json-codec.ts';
import { encoded, entryView } from './record-views.ts';

const wireCodec = record({
  header: submissionHeaderCodec,
  signature: fixedBytes(64),
  entries: list(entryCodec, MAX_ENTRIES, 1),
});

const headerView: JsonCodec<SubmissionHeader> = jsonObject('SubmissionHeader', {
  v: jsonExactly(1),
  genesis: jsonHex(32),
  publisher: jsonText,
  key: jsonHex(32),
  nonce: jsonHex(16),
  issuedAt: jsonUint,
  expires: jsonUint,
  count: jsonUint,
  root: jsonHex(32),
});

/** The JSON form of a submission, `{header, signature, entries}`. */
export const submissionView: JsonCodec<{
  readonly header: SubmissionHeader;
  readonly signature: Uint8Array;
  readonly entries: readonly Entry[];
}> = jsonObject('Submission', {
  header: headerView,
  signature: jsonHex(64),
  entries: jsonList(entryView),
});

const wireView: JsonCodec<Uint8Array> = jsonAs(
  submissionView,
  () => {
    throw new Error('wire bytes are only read from JSON');
  },
  (value, path) => encoded(path, () => encode(wireCodec, value)),
);

/**
 * The wire bytes of a submission from its JSON text: the very bytes that were signed, as there is one encoding of a value.
 * `malformed` says what is wrong where: a name twice, `__proto__`, an unsafe integer, a missing or unknown member, a value
 * out of bounds. Whether header and entries agree, `decodeSubmission` says.
 */
export function submissionFromJson(text: string): Result<Uint8Array> {
  return readJson(wireView, text);
}

/** The JSON text of a submission, which `submissionFromJson` turns back into its wire bytes. */
export function submissionToJson(submission: Pick<Submission, 'header' | 'signature' | 'entries'>): string {
  return writeJson(submissionView, submission);
}
