/**
 * Why no answer came of a node: `unreachable` (none answered), `timeout`, `busy` (408, 429 or 503 of all), `not-final`,
 * `not-found`, `bad-answer` (not what the interface promises), `refused` (4xx; `reason` is the ledger's own code).
 */
export type NodeErrorCode =
  | 'unreachable'
  | 'timeout'
  | 'busy'
  | 'not-final'
  | 'not-found'
  | 'bad-answer'
  | 'refused';

/** What is known beside the code and the sentence. */
export interface NodeErrorParts {
  /** The node's own code of a refusal, else null. */
  readonly reason?: string | null;
  /** Number of the entry at fault, if one is. */
  readonly entry?: number | null;
  /** Milliseconds after which trying again makes sense, if the node said so. */
  readonly retryAfterMs?: number | null;
}

/** A question to the nodes that failed. The message is the node's or the network's sentence. */
export class NodeError extends Error {
  readonly code: NodeErrorCode;
  readonly reason: string | null;
  readonly entry: number | null;
  readonly retryAfterMs: number | null;

  constructor(code: NodeErrorCode, detail: string, parts: NodeErrorParts = {}) {
    super(detail);
    this.name = 'NodeError';
    this.code = code;
    this.reason = parts.reason ?? null;
    this.entry = parts.entry ?? null;
    this.retryAfterMs = parts.retryAfterMs ?? null;
  }
}
