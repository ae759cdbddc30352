import { FILE_ROLES } from '../receipts/file-role.ts';
import { STEPS } from '../receipts/inspect.ts';
import { VERDICTS } from '../receipts/verdict.ts';
import {
  jsonBoolean,
  jsonList,
  jsonNullable,
  jsonObject,
  jsonOneOf,
  jsonText,
  jsonUint,
} from './json-codec.ts';
import { asOfView, standingView } from './ledger-views.ts';
import { digestView, leafView } from './record-views.ts';

/** What shall be verified: a file's digest, or null; and a receipt, or null for that of the digest's first record. */
export const verifyRequestView = jsonObject('VerifyRequest', {
  digest: jsonNullable(digestView),
  receipt: jsonNullable(jsonText),
});

/**
 * A node's verdict on a receipt. `code` is `verified` or that of the fault, as `qifeng verify` gives it; `steps` are those of
 * `qifeng info`, each with the fault in it or null. `verdict` is by the dates too that the receipt of a sealed record shows;
 * `dates-not-shown` where it would be in force and those in `undisclosed`, by the names of their fields, are not. `text` says what the record's file is to its subject in this node's state. `publishers` are the codes of those that recorded the digest, null
 * where a receipt was given, which says itself which record is meant. What a false receipt says is null. `receipt` is the one that was judged.
 */
export const verdictView = jsonObject('Verdict', {
  verified: jsonBoolean,
  code: jsonText,
  detail: jsonNullable(jsonText),
  digest: jsonNullable(digestView),
  publishers: jsonNullable(jsonList(jsonText)),
  steps: jsonList(
    jsonObject('VerdictStep', {
      step: jsonOneOf(...STEPS),
      holds: jsonBoolean,
      code: jsonNullable(jsonText),
      detail: jsonNullable(jsonText),
    }),
  ),
  index: jsonNullable(jsonUint),
  recordedAt: jsonNullable(jsonUint),
  existedNoLaterThan: jsonNullable(jsonUint),
  record: jsonNullable(leafView),
  cosigners: jsonList(jsonObject('VerdictCosigner', { code: jsonText, time: jsonUint })),
  standing: jsonNullable(standingView),
  verdict: jsonNullable(jsonOneOf(...VERDICTS, 'dates-not-shown')),
  undisclosed: jsonList(jsonText),
  text: jsonNullable(jsonOneOf(...FILE_ROLES)),
  asOf: asOfView,
  receipt: jsonText,
});
