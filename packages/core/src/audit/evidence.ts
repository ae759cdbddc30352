import { toBase64 } from '../encoding/base64.ts';
import { compareBytes, equalBytes, toHex } from '../encoding/bytes.ts';
import {
  byteString,
  decode,
  encode,
  exactly,
  fixedBytes,
  nullable,
  oneOf,
  record,
} from '../encoding/codec.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import { faultsTolerated } from '../ledger/quorum.ts';
import type { HandoverTrust } from '../receipts/handovers.ts';
import { type Certificate, type Certified, certificateCodec, verifyCertificate } from './certificate.ts';
import { type Contradiction, decodeShown, encodeShown, verifyContradiction } from './contradiction.ts';
import { type VoteCertificate, verifyVotes, voteCertificateCodec, votesExclude } from './votes.ts';

/** Bytes in one piece of evidence at most. */
export const MAX_EVIDENCE_BYTES = 64 * 1024 * 1024;
const MAX_PART = 24 * 1024 * 1024;
const KINDS = ['height', 'order', 'log', 'blocks', 'epoch-end', 'votes'] as const;

const evidenceCodec = record({
  v: exactly(1),
  genesis: fixedBytes(32),
  kind: oneOf(...KINDS),
  first: byteString(1, MAX_PART),
  second: byteString(1, MAX_PART),
  shows: nullable(byteString(1, MAX_PART)),
});

/** Two statements by quorums that exclude each other, and what shows that they do. */
export type Conflict =
  | (Contradiction & { readonly first: Certificate; readonly second: Certificate })
  | { readonly kind: 'votes'; readonly first: VoteCertificate; readonly second: VoteCertificate };

/** One signed statement of a member: what it says, and the signature as the evidence carries it. */
export interface Statement {
  readonly says: string;
  /** A note line for a checkpoint, base64 for a vote. */
  readonly signature: string;
}

/** A member that signed both. */
export interface Culprit {
  readonly code: string;
  readonly key: Uint8Array;
  readonly statements: readonly [Statement, Statement];
}

/** What evidence establishes. */
export interface Proven {
  readonly kind: (typeof KINDS)[number];
  /** Heights of the two statements. */
  readonly heights: readonly [number, number];
  readonly culprits: readonly Culprit[];
  /** Culprits there must be: f+1 where both statements are by quorums of one set, else 0. */
  readonly atLeast: number;
}

/** The file of a conflict: canonical CBOR, the same whichever statement was found first. */
export function encodeEvidence(genesis: Uint8Array, conflict: Conflict): Uint8Array {
  const { kind } = conflict;
  const parts =
    kind === 'votes'
      ? [conflict.first, conflict.second].map(votes => encode(voteCertificateCodec, votes))
      : [conflict.first, conflict.second].map(certificate => encode(certificateCodec, certificate));
  // Of other kinds the heights decide which is first.
  if (kind === 'height' || kind === 'votes') parts.sort(compareBytes);
  const shows = kind === 'votes' ? null : encodeShown(conflict);
  return encode(evidenceCodec, { v: 1 as const, genesis, kind, first: parts[0]!, second: parts[1]!, shows });
}

/**
 * Verifies a file of evidence offline, by the genesis alone. Faults: `cbor-…`, `wrong-chain`, `bad-evidence` (parts out of
 * order, or a proof where none belongs), those of `verifyCertificate` and `verifyVotes`, `no-conflict`.
 *
 * Whom it names. An honest member executes one chain of blocks and cosigns only what that chain led to, one vote a slot; so
 * it never signs two statements that exclude each other, whatever their heights, epochs or sets. Therefore *everybody whose
 * key is under both is a culprit*, and nobody honest is named, as long as its key is its own.
 *
 * How many. Two statements by quorums of one set of n have at least 2q - n signers in common. With f = floor((n-1)/3) and
 * q = floor((n+f)/2) + 1 we have 2q > n + f, so at least f+1. Sets are the same whenever handovers lead to both statements
 * through the same checkpoints; where they part earlier, the first two handovers that differ are themselves statements of
 * one set and exclude each other (`comparable`). Statements by different sets may share few signers or none: they still
 * prove that something is wrong, and name whom they name.
 */
export function verifyEvidence(bytes: Uint8Array, trust: HandoverTrust): Result<Proven> {
  const decoded = decode(evidenceCodec, bytes, MAX_EVIDENCE_BYTES);
  if (!decoded.ok) return decoded;
  const { genesis, kind, first, second, shows } = decoded.value;
  if (!equalBytes(genesis, trust.chain.hash))
    return refuse('wrong-chain', `evidence about chain ${toHex(genesis)}, not ${toHex(trust.chain.hash)}`);
  if ((kind === 'height' || kind === 'votes') && compareBytes(first, second) > 0)
    return refuse('bad-evidence', 'the two statements are not in order');
  if (kind === 'votes')
    return shows === null
      ? proveVotes(first, second, trust)
      : refuse('bad-evidence', 'two vote certificates say it all');
  const said = decodeShown(kind, shows);
  return said.ok ? proveCheckpoints(first, second, said.value, trust) : said;
}

function proveCheckpoints(
  first: Uint8Array,
  second: Uint8Array,
  said: Contradiction,
  trust: HandoverTrust,
): Result<Proven> {
  const certified: Certified[] = [];
  for (const bytes of [first, second]) {
    const certificate = decode(certificateCodec, bytes);
    if (!certificate.ok) return certificate;
    const verified = verifyCertificate(certificate.value, trust);
    if (!verified.ok) return verified;
    certified.push(verified.value);
  }
  const [low, high] = certified as [Certified, Certified];
  const excluded = verifyContradiction(low, high, said, trust);
  if (!excluded.ok) return excluded;
  const signed = certified.map(({ text, signers }) =>
    signers.map(({ code, key, line }) => ({ code, key, statement: { says: text, signature: line } })),
  );
  const heights = [low.checkpoint.height, high.checkpoint.height] as const;
  return ok({
    kind: said.kind,
    heights,
    ...named(
      signed,
      certified.map(({ set }) => set.validators),
    ),
  });
}

function proveVotes(first: Uint8Array, second: Uint8Array, trust: HandoverTrust): Result<Proven> {
  const votes: VoteCertificate[] = [];
  for (const bytes of [first, second]) {
    const certificate = decode(voteCertificateCodec, bytes);
    if (!certificate.ok) return certificate;
    votes.push(certificate.value);
  }
  const [a, b] = votes as [VoteCertificate, VoteCertificate];
  if (!votesExclude(a, b)) return refuse('no-conflict', 'not two blocks in one kind, epoch, view and height');
  const sets = [];
  const signed = [];
  for (const one of votes) {
    const set = verifyVotes(one, trust);
    if (!set.ok) return set;
    const { validators } = set.value;
    sets.push(validators);
    const says = `${one.kind} epoch ${one.epoch} view ${one.view} height ${one.height} ${toHex(one.hash)}\n`;
    signed.push(
      one.signatures.map(([position, signature]) => {
        const { code, key } = validators[position]!;
        return { code, key, statement: { says, signature: toBase64(signature) } };
      }),
    );
  }
  return ok({ kind: 'votes', heights: [a.height, b.height], ...named(signed, sets) });
}

interface Signed {
  readonly code: string;
  readonly key: Uint8Array;
  readonly statement: Statement;
}

/** Who signed both, by key: a member that came back with a new one need not know what it signed with the old. */
function named(
  [first = [], second = []]: readonly (readonly Signed[])[],
  [set = [], other = []]: readonly (readonly { readonly key: Uint8Array }[])[],
): Pick<Proven, 'culprits' | 'atLeast'> {
  const culprits = first.flatMap(({ code, key, statement }) => {
    const again = second.find(other => equalBytes(other.key, key));
    return again === undefined ? [] : [{ code, key, statements: [statement, again.statement] as const }];
  });
  const same = set.length === other.length && set.every(({ key }, i) => equalBytes(key, other[i]!.key));
  return { culprits, atLeast: same ? faultsTolerated(set.length) + 1 : 0 };
}
