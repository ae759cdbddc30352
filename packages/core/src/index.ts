export { HTTP_ERRORS, type HttpError, type HttpErrorCode, httpError, REFUSAL_STATUS } from './api/errors.ts';
export * from './api/event-stream.ts';
export { type RecordEvent, recordEvent, recordEventView } from './api/event-view.ts';
export { type JsonCodec, type JsonSchema, readJson, writeJson } from './api/json-codec.ts';
export * from './api/ledger-views.ts';
export * from './api/openapi.ts';
export { MAX_PAGE } from './api/page.ts';
export type * from './api/param.ts';
export { bodyPlaceParam } from './api/param.ts';
export { digestView, entryView, leafToJson, leafView, originView, subjectView } from './api/record-views.ts';
export {
  type Body,
  type BodyValue,
  type CacheRule,
  COMMON_ERRORS,
  type EventsBody,
  type HeaderValues,
  type JsonBody,
  type PathValues,
  type QueryValues,
  type RawBody,
  type Reply,
  type Route,
  requestPath,
} from './api/route.ts';
export * from './api/routes.ts';
export type { SearchCursor } from './api/search-params.ts';
export * from './api/search-views.ts';
export * from './api/submission-json.ts';
export * from './api/submission-views.ts';
export * from './api/verdict-views.ts';
export {
  type Certificate,
  type Certified,
  certificateCodec,
  certificateIn,
  verifyCertificate,
} from './audit/certificate.ts';
export * from './audit/comparable.ts';
export { type Contradiction, MAX_EVIDENCE_HEADERS } from './audit/contradiction.ts';
export * from './audit/enrolments.ts';
export * from './audit/evidence.ts';
export * from './audit/leaf-chains.ts';
export * from './audit/recorded.ts';
export * from './crypto/hasher.ts';
export { portableSigner } from './crypto/portable-signer.ts';
export { portableVerifier } from './crypto/portable-verifier.ts';
export { passesScreen } from './crypto/screen.ts';
export * from './crypto/suite.ts';
export * from './crypto/verifier.ts';
export * from './encoding/base64.ts';
export * from './encoding/bytes.ts';
export * from './encoding/codec.ts';
export { ExactMemory } from './encoding/exact-memory.ts';
export * from './encoding/json-text.ts';
export * from './encoding/result.ts';
export { fromUtf8, isWellFormed, toUtf8 } from './encoding/utf8.ts';
export { type FieldFlaw, shownFlaws } from './execution/check-fields.ts';
export { normalId, normalNumber } from './execution/document-number.ts';
export * from './ledger/block.ts';
export * from './ledger/check-accusation.ts';
export * from './ledger/check-admission.ts';
export * from './ledger/check-definition.ts';
export * from './ledger/check-membership.ts';
export * from './ledger/check-observers.ts';
export * from './ledger/check-publishers.ts';
export * from './ledger/checkpoint.ts';
export * from './ledger/cosignature.ts';
export * from './ledger/epoch-set.ts';
export * from './ledger/genesis.ts';
export * from './ledger/note.ts';
export * from './ledger/policy.ts';
export * from './ledger/quorum.ts';
export * from './ledger/vkey.ts';
export * from './merkle/log-frontier.ts';
export * from './merkle/log-hash.ts';
export * from './merkle/log-path.ts';
export * from './merkle/log-prove.ts';
export * from './merkle/log-root.ts';
export * from './merkle/log-verify.ts';
export * from './merkle/map-hash.ts';
export * from './merkle/map-parts.ts';
export * from './merkle/map-proof.ts';
export * from './merkle/map-prove.ts';
export * from './merkle/map-store.ts';
export * from './merkle/map-tree.ts';
export * from './merkle/map-verify.ts';
export * from './merkle/tile.ts';
export * from './merkle/tile-builder.ts';
export * from './merkle/tile-bundle.ts';
export * from './merkle/tile-source.ts';
export * from './receipts/asked.ts';
export * from './receipts/asked-text.ts';
export * from './receipts/complete.ts';
export * from './receipts/consistency.ts';
export { type Cosigner, cosignatureLines, type SignedAt, verifyCosigners } from './receipts/cosigners.ts';
export * from './receipts/file-role.ts';
export * from './receipts/handover.ts';
export { HandoverMemory } from './receipts/handover-memory.ts';
export * from './receipts/handovers.ts';
export * from './receipts/head.ts';
export {
  type InspectedLine,
  type Inspection,
  inspectReceipt,
  STEPS,
  type StepFaults,
} from './receipts/inspect.ts';
export * from './receipts/judge-shown.ts';
export { OneLog } from './receipts/one-log.ts';
export * from './receipts/receipt.ts';
export * from './receipts/status-proof.ts';
export * from './receipts/succession.ts';
export * from './receipts/tlog-proof.ts';
export { shownValidity, type Term, termAt, type Validity } from './receipts/validity.ts';
export * from './receipts/verdict.ts';
export * from './receipts/verify.ts';
export * from './receipts/verify-status.ts';
export * from './records/accusation.ts';
export * from './records/admission.ts';
export * from './records/approvals.ts';
export * from './records/entry.ts';
export * from './records/governance.ts';
export * from './records/leaf.ts';
export * from './records/membership.ts';
export * from './records/names.ts';
export { namedId, namingFields } from './records/naming.ts';
export * from './records/observers.ts';
export { organisationNameFlaw } from './records/organisation-name.ts';
export { type Personal, personalIn } from './records/personal-data.ts';
export * from './records/profile.ts';
export * from './records/profile-definition.ts';
export { profileFlaw } from './records/profile-flaw.ts';
export * from './records/profile-json.ts';
export * from './records/proposal.ts';
export * from './records/publisher-change.ts';
export * from './records/roles.ts';
export * from './records/sealed.ts';
export * from './records/state.ts';
export * from './records/submission.ts';
export * from './records/uscc.ts';
export * from './records/vote-bytes.ts';
export { catalogue, type Lang } from './terminal/catalogue.ts';
export { textWidth, visible } from './terminal/columns.ts';
export * from './terminal/complaint.ts';
export * from './terminal/help.ts';
export { type Preview, preview } from './terminal/locale.ts';
export { complaintRows, Output, type Row, writeError } from './terminal/output.ts';
export { shellMessages } from './terminal/shell-messages.ts';
export { columnsOf, type Streams, takesColour } from './terminal/streams.ts';
export { usageError } from './terminal/usage.ts';
