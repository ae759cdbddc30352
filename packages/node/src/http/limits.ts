import { MAX_SUBMISSION_BYTES } from '@qifeng/core';

/** What the public interface allows. All of it is on by default. */
export interface HttpLimits {
  /** Bytes of a CBOR submission; what is above the ledger's own bound is refused by its decoder. */
  readonly cborBytes: number;
  /** Bytes of a JSON submission: names and hex make it up to four times as long as its CBOR. */
  readonly jsonBytes: number;
  readonly headerBytes: number;
  /** ms for the headers, and for the whole request, to arrive. */
  readonly headersMs: number;
  readonly requestMs: number;
  readonly keepAliveMs: number;
  readonly connections: number;
  /** Requests under way at once, by all and by one address. */
  readonly inFlight: number;
  readonly inFlightPerAddress: number;
  /** ms for which `?wait=final` waits. */
  readonly waitMs: number;
}

/** The limits of a node that is told nothing else. */
export const DEFAULT_LIMITS: HttpLimits = {
  cborBytes: MAX_SUBMISSION_BYTES + 1024,
  jsonBytes: 4 * MAX_SUBMISSION_BYTES,
  headerBytes: 16 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 30_000,
  connections: 1024,
  inFlight: 512,
  inFlightPerAddress: 256,
  waitMs: 10_000,
};
