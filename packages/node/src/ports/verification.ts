/** One signature to check: key (registered), signed bytes, signature. */
export type SignatureJob = readonly [key: Uint8Array, message: Uint8Array, signature: Uint8Array];

/** Checks signatures off the event loop. Same verdicts as any `Verifier` of core. */
export interface VerificationPool {
  /** One verdict a job, in order. */
  verify(jobs: readonly SignatureJob[]): Promise<readonly boolean[]>;
  /** One verdict a key: canonical, prime order. */
  areKeys(keys: readonly Uint8Array[]): Promise<readonly boolean[]>;
  close(): Promise<void>;
}
