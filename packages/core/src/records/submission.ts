import type { Hasher } from '../crypto/hasher.ts';
import { KEY_LENGTH, SIGNATURE_LENGTH, type Signer, type Verifier } from '../crypto/verifier.ts';
import { concat, equalBytes } from '../encoding/bytes.ts';
import {
  type Carried,
  decode,
  decodeFirst,
  encode,
  exactly,
  fixedBytes,
  list,
  record,
  uint,
  withBytes,
} from '../encoding/codec.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import { toUtf8 } from '../encoding/utf8.ts';
import { logHash } from '../merkle/log-hash.ts';
import { rootOfEntries } from '../merkle/log-root.ts';
import { type Entry, entryCodec, MAX_ENTRY_BYTES } from './entry.ts';
import { uscc } from './names.ts';

/** Bytes in one encoded submission at most. */
export const MAX_SUBMISSION_BYTES = 256 * 1024;
/** Entries under one signature at most. */
export const MAX_ENTRIES = 1024;
/** Milliseconds between `issuedAt` and `expires` at most. */
export const MAX_LIFE_MS = 24 * 60 * 60 * 1000;

const DOMAIN = concat(toUtf8('qifeng/submission/v1'), new Uint8Array(1));

/** What a publisher signs. */
export const submissionHeaderCodec = record({
  v: exactly(1),
  genesis: fixedBytes(32),
  publisher: uscc,
  key: fixedBytes(KEY_LENGTH),
  nonce: fixedBytes(16),
  issuedAt: uint(),
  expires: uint(),
  count: uint(MAX_ENTRIES, 1),
  root: fixedBytes(32),
});
/**
 * A submission's header: version, genesis hash, publisher (统一社会信用代码), its raw public key, 16 random bytes,
 * `issuedAt` and `expires` in ms, the number of entries and the RFC 6962 root over their canonical bytes.
 */
export type SubmissionHeader = Carried<typeof submissionHeaderCodec>;

const submissionFields = {
  header: withBytes(submissionHeaderCodec),
  signature: fixedBytes(SIGNATURE_LENGTH),
  entries: list(withBytes(entryCodec), MAX_ENTRIES, 1),
};
const submissionCodec = record(submissionFields);

/**
 * A decoded submission with the canonical bytes of its parts; `id` = H(signed bytes), fresh. All other byte arrays, also
 * those inside `header` and `entries`, are views of the wire bytes: what is kept longer than those is copied first, and
 * whoever changes the wire bytes changes the submission.
 */
export interface Submission {
  readonly id: Uint8Array;
  readonly header: SubmissionHeader;
  readonly headerBytes: Uint8Array;
  readonly signature: Uint8Array;
  readonly entries: readonly Entry[];
  readonly entryBytes: readonly Uint8Array[];
}

/** The bytes a publisher's signature is over: `"qifeng/submission/v1" ‖ 0x00 ‖ header`. */
export function signedBytes(headerBytes: Uint8Array): Uint8Array {
  return concat(DOMAIN, headerBytes);
}

/** What a new submission is made of; `count` and `root` follow from the entries. */
export type SubmissionDraft = Omit<SubmissionHeader, 'v' | 'key' | 'count' | 'root'> & {
  readonly entries: readonly Entry[];
};

/** Signs a draft and gives the wire bytes `[header, signature, [entries]]`. */
export function signSubmission(draft: SubmissionDraft, signer: Signer, hasher: Hasher): Uint8Array {
  const { entries, ...rest } = draft;
  const entryBytes = entries.map(entry => encode(entryCodec, entry));
  const header: SubmissionHeader = {
    ...rest,
    v: 1,
    key: signer.publicKey,
    count: entries.length,
    root: entriesRoot(entryBytes, hasher),
  };
  const headerBytes = encode(submissionHeaderCodec, header);
  return encode(submissionCodec, {
    header: { value: header, bytes: headerBytes },
    signature: signer.sign(signedBytes(headerBytes)),
    entries: entries.map((value, i) => ({ value, bytes: entryBytes[i]! })),
  });
}

/** RFC 6962 root over the canonical bytes of a submission's entries. */
export function entriesRoot(entryBytes: readonly Uint8Array[], hasher: Hasher): Uint8Array {
  return rootOfEntries(logHash(hasher), entryBytes);
}

/**
 * What the header of a submission says, and its id, from wire bytes of which nothing else is read: who is asked to wait
 * must not first cost all that its entries do. Faults: `too-big`, `cbor-…`. It may be no submission for all that.
 */
export function peekSubmission(bytes: Uint8Array, hasher: Hasher): Result<Pick<Submission, 'id' | 'header'>> {
  const { header } = submissionFields;
  const decoded = decodeFirst(header, Object.keys(submissionFields).length, bytes, MAX_SUBMISSION_BYTES);
  if (!decoded.ok) return decoded;
  return ok({ id: hasher.digest(signedBytes(decoded.value.bytes)), header: decoded.value.value });
}

/**
 * Decodes wire bytes and checks all that needs no key and no state: form, bounds, count, root, one entry a subject,
 * lifetime. Faults: `too-big`, `malformed`, `cbor-…`. Signatures are `verifySubmission`'s.
 */
export function decodeSubmission(bytes: Uint8Array, hasher: Hasher): Result<Submission> {
  const decoded = decode(submissionCodec, bytes, MAX_SUBMISSION_BYTES);
  if (!decoded.ok) return decoded;
  const { header, signature, entries } = decoded.value;
  const entryBytes = entries.map(entry => entry.bytes);
  const wrong = inconsistency(header.value, entries, entryBytes, hasher);
  if (wrong !== null) return wrong;
  return ok({
    id: hasher.digest(signedBytes(header.bytes)),
    header: header.value,
    headerBytes: header.bytes,
    signature,
    entries: entries.map(entry => entry.value),
    entryBytes,
  });
}

/** A part of a submission with its canonical bytes. */
interface Encoded<T> {
  readonly value: T;
  readonly bytes: Uint8Array;
}

function inconsistency(
  header: SubmissionHeader,
  entries: readonly Encoded<Entry>[],
  entryBytes: readonly Uint8Array[],
  hasher: Hasher,
): ReturnType<typeof refuse> | null {
  if (header.count !== entries.length) {
    return refuse('malformed', `the header counts ${header.count} entries, ${entries.length} follow`);
  }
  if (header.expires <= header.issuedAt || header.expires - header.issuedAt > MAX_LIFE_MS) {
    return refuse('malformed', 'expires must be after issuedAt and at most 24 hours later');
  }
  const wrong = entriesFlaw(entries);
  if (wrong !== null) return wrong;
  const root = entriesRoot(entryBytes, hasher);
  if (!equalBytes(root, header.root)) {
    return refuse('malformed', 'the root in the header is not that of the entries');
  }
  return null;
}

/** The first entry that is too big or the second for its subject. */
function entriesFlaw(entries: readonly Encoded<Entry>[]): ReturnType<typeof refuse> | null {
  // Nearly always all ids differ and so do the subjects: joining their parts to a key costs three times as much (measured).
  const ids = new Set<string>();
  let small = true;
  for (const { value, bytes } of entries) {
    ids.add(value.subject.id);
    small &&= bytes.length <= MAX_ENTRY_BYTES;
  }
  if (small && ids.size === entries.length) return null;
  const subjects = new Set<string>();
  for (const [i, { value, bytes }] of entries.entries()) {
    if (bytes.length > MAX_ENTRY_BYTES) {
      return refuse('too-big', `entry ${i} has ${bytes.length} bytes, limit ${MAX_ENTRY_BYTES}`);
    }
    const subject = `${value.profile}\n${value.subject.issuer}\n${value.subject.id}`;
    if (subjects.has(subject)) return refuse('malformed', `entry ${i} is the second for its subject`);
    subjects.add(subject);
  }
  return null;
}

/** The publisher's key and signature: `bad-key` or `bad-signature`, a pure function of the bytes. */
export function verifySubmission(submission: Submission, verifier: Verifier): Result<Submission> {
  const { header, headerBytes, signature } = submission;
  if (!verifier.isKey(header.key)) {
    return refuse('bad-key', 'the public key is not canonical or not of prime order');
  }
  if (!verifier.verify(header.key, signedBytes(headerBytes), signature)) {
    return refuse('bad-signature', 'the signature is not by the key in the header over these bytes');
  }
  return ok(submission);
}
