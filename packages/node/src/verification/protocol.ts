/** One signature to check. */
export interface Signed {
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** A batch for a verification worker; `id` comes back with the verdicts. */
export interface VerifyRequest {
  readonly id: number;
  /** Keys to ask `isKey` about. */
  readonly keys: readonly Uint8Array[];
  /** Signatures to ask `verify` about. */
  readonly signed: readonly Signed[];
}

/** The verdicts of one batch, in the order of the request. */
export interface VerifyResponse {
  readonly id: number;
  readonly keys: readonly boolean[];
  readonly signed: readonly boolean[];
}
