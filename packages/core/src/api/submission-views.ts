import {
  type JsonCodec,
  type JsonSchema,
  jsonHex,
  jsonList,
  jsonNullable,
  jsonObject,
  jsonOneOf,
  jsonText,
  jsonUint,
  type Viewed,
} from './json-codec.ts';

/** A submission that was taken in. */
export const queuedView = jsonObject('Queued', { id: jsonHex(32) });

/** A recorded submission with the receipts of its records, each the text of a C2SP tlog-proof. */
export const recordedView = jsonObject('Recorded', {
  id: jsonHex(32),
  height: jsonUint,
  receipts: jsonList(jsonObject('ReceiptAt', { index: jsonUint, proof: jsonText })),
});

/** What became of a submission: where its records stand, or why it was refused on the ledger. */
export const submissionStatusView = jsonObject('SubmissionStatus', {
  id: jsonHex(32),
  status: jsonOneOf('pending', 'recorded', 'refused'),
  height: jsonNullable(jsonUint),
  first: jsonNullable(jsonUint),
  count: jsonUint,
  refusal: jsonNullable(
    jsonObject('LedgerRefusal', { code: jsonText, entry: jsonNullable(jsonUint), detail: jsonText }),
  ),
});

const fullProblemView = jsonObject('Problem', {
  type: jsonText,
  title: jsonText,
  status: jsonUint,
  code: jsonText,
  detail: jsonText,
  entry: jsonNullable(jsonUint),
  retryAfter: jsonNullable(jsonUint),
  id: jsonNullable(jsonText),
});
/** An error as it is sent. */
export type Problem = Viewed<typeof fullProblemView>;

/**
 * An error (RFC 9457): `type` is `urn:qifeng:problem:<code>`, `title` in the asked language; and only where there is one
 * the number of the `entry` at fault, `retryAfter` in seconds, and the `id` of the submission or of the logged incident.
 */
export const problemView: JsonCodec<Problem> = {
  schema: { ...fullProblemView.schema, required: ['type', 'title', 'status', 'code', 'detail'] },
  toJson: problem =>
    Object.fromEntries(
      Object.entries(fullProblemView.toJson(problem) as JsonSchema).filter(([, value]) => value !== null),
    ),
  fromJson: (json, path) =>
    fullProblemView.fromJson(
      typeof json === 'object' && json !== null && !Array.isArray(json)
        ? { entry: null, retryAfter: null, id: null, ...json }
        : json,
      path,
    ),
};
