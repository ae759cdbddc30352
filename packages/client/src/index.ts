// Nothing that needs Node: the web page imports this entry.
export type { PublisherView } from './publishers/differences.ts';
export type { NamedProfile } from './register/definition.ts';
export { type Names, type Pins, Register, type Wanted, wantedOf } from './register/register.ts';
export type {
  AsOf,
  DocumentAnswer,
  DocumentRecord,
  FinalSubmission,
  RefusedSubmission,
  SubjectAnswer,
  SubmissionAnswer,
} from './sdk/answers.ts';
export { NodeClient, type NodeClientOptions, type SearchQuery, type SubmitAnswer } from './sdk/client.ts';
export { NodeError, type NodeErrorCode } from './sdk/node-error.ts';
export { type Patience, submitUntilFinal } from './sdk/wait-final.ts';
export {
  type Inbound,
  type InboundLink,
  inboundLinks,
  type ProvenHistory,
} from './succession/inbound.ts';
