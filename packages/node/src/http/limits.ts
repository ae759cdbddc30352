import { MAX_SUBMISSION_BYTES } from '@qifeng/core';
import type { Rate } from '../limits/token-bucket.ts';

/** What the public interface allows. All of it is on by default. */
export interface HttpLimits {
  /** Bytes of a CBOR submission; what is above the ledger's own bound is refused by its decoder. */
  readonly cborBytes: number;
  /** Bytes of a JSON submission: names and hex make it up to four times as long as its CBOR. */
  readonly jsonBytes: number;
  /** Bytes of a file that is verified here; it is hashed as it comes. */
  readonly fileBytes: number;
  readonly headerBytes: number;
  /** ms for the headers, and for the whole request, to arrive. */
  readonly headersMs: number;
  readonly requestMs: number;
  readonly keepAliveMs: number;
  /** ms for which a connection may stand still, also while an answer is not being read; not while the node owes one. */
  readonly idleMs: number;
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** Requests under way at once, by all and by one address. */
  readonly inFlight: number;
  readonly inFlightPerAddress: number;
  /** Bytes of bodies under way at once, by all; one address has half of it. Taken before a byte is read. */
  readonly bodyBytes: number;
  /** ms for which `?wait=final` waits, and requests that may do so at once: the rest of the places are for those who do not. */
  readonly waitMs: number;
  readonly waits: number;
  /** Streams of events at once, by all and by one address: they have places of their own, as they have no end. */
  readonly streams: number;
  readonly streamsPerAddress: number;
  /** ms after which a stream shows that it is alive, less than `idleMs`; and for which it may stand unread. */
  readonly streamBeatMs: number;
  readonly streamStallMs: number;
  /** ms of the node's main thread that reads of one address may take. */
  readonly time: Rate;
  /** Submissions of one address that are refused at once: they cost it no quota, and the node a check of a signature. */
  readonly refusals: Rate;
  /** ms of each turn of the event loop for requests, before the votes of others have theirs. */
  readonly turnMs: number;
}

/** The limits of a node that is told nothing else. */
export const DEFAULT_LIMITS: HttpLimits = {
  cborBytes: MAX_SUBMISSION_BYTES + 1024,
  jsonBytes: 4 * MAX_SUBMISSION_BYTES,
  fileBytes: 32 * 1024 * 1024,
  headerBytes: 16 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 30_000,
  idleMs: 30_000,
  connections: 1024,
  connectionsPerAddress: 512,
  inFlight: 512,
  inFlightPerAddress: 256,
  bodyBytes: 64 * 1024 * 1024,
  waitMs: 10_000,
  waits: 384,
  streams: 256,
  streamsPerAddress: 64,
  streamBeatMs: 10_000,
  streamStallMs: 20_000,
  time: { perSecond: 800, burst: 10_000 },
  refusals: { perSecond: 200, burst: 2000 },
  turnMs: 10,
};
