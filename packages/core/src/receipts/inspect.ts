import { equalBytes, toHex } from '../encoding/bytes.ts';
import { decode } from '../encoding/codec.ts';
import { type Fault, type Result, refuse } from '../encoding/result.ts';
import { type Checkpoint, parseCheckpoint } from '../ledger/checkpoint.ts';
import { cosignerName, parseCosignature, verifyCosignature } from '../ledger/cosignature.ts';
import type { EpochSet } from '../ledger/epoch-set.ts';
import type { Validator } from '../ledger/genesis.ts';
import { type Note, type NoteSignature, parseNote } from '../ledger/note.ts';
import {
  isBy,
  makeVerifierKey,
  TYPE_COSIGNATURE,
  TYPE_ED25519,
  verifyNoteSignature,
} from '../ledger/vkey.ts';
import { logHash } from '../merkle/log-hash.ts';
import { verifyInclusion } from '../merkle/log-verify.ts';
import { type Leaf, leafCodec } from '../records/leaf.ts';
import { discloseEntry } from '../records/sealed.ts';
import { type SubmissionHeader, signedBytes, submissionHeaderCodec } from '../records/submission.ts';
import { verifyEpoch } from './handovers.ts';
import { type ReceiptTrust, verifyHead } from './head.ts';
import type { Receipt } from './receipt.ts';
import { noteLineOf } from './tlog-proof.ts';

/** What a receipt is judged by. */
type Trust = Pick<ReceiptTrust, 'chain' | 'suite'>;

/** One signature line: who it is said to be by, `member` where the genesis has that key, and whether it verifies. */
export interface InspectedLine {
  readonly name: string;
  readonly keyId: number;
  readonly kind: 'log' | 'cosignature';
  /** Member code, null where the line is attributed to nobody or nothing is known to attribute it by. */
  readonly member: string | null;
  /** Cosignature time in ms, null for the log's line. */
  readonly time: number | null;
  /** Null where no genesis is known. */
  readonly verified: boolean | null;
}

/** The steps of a receipt, from the record to the signatures on the checkpoint. */
export const STEPS = ['record', 'entry', 'submission', 'log', 'checkpoint', 'signatures'] as const;

/** The faults of a receipt's steps, null for a step that holds. */
export type StepFaults = Readonly<Record<(typeof STEPS)[number], Fault | null>>;

/** A receipt taken apart step by step; a part that does not decode is a fault in its place. */
export interface Inspection {
  readonly leaf: Result<Leaf>;
  readonly header: Result<SubmissionHeader>;
  readonly note: Result<Note>;
  readonly checkpoint: Result<Checkpoint>;
  /** The set that must have cosigned; null where no genesis is known or nothing names the epoch. */
  readonly set: Result<EpochSet> | null;
  readonly validators: readonly Validator[];
  readonly lines: readonly InspectedLine[];
  /** Null where no genesis is known: nothing was verified. */
  readonly faults: StepFaults | null;
}

/**
 * Takes a receipt apart and, with a genesis, judges each step by itself, where `verifyReceipt` stops at the first
 * fault. It explains; the verdict remains that of `verifyReceipt`.
 */
export function inspectReceipt(receipt: Receipt, trust: Trust | null): Inspection {
  const firstLine = noteLineOf(receipt.proof);
  const leaf = decode(leafCodec, receipt.extra.leaf);
  const header = decode(submissionHeaderCodec, receipt.extra.header);
  const note = parseNote(receipt.note, { firstLine });
  const checkpoint = note.ok ? parseCheckpoint(note.value.text, firstLine) : note;
  const set = trust && checkpoint.ok ? verifyEpoch(checkpoint.value, receipt.extra.handovers, trust) : null;
  // Without a set that the handovers prove, no line is anybody's.
  const validators = set?.ok ? set.value.validators : [];
  const lines = note.ok
    ? note.value.signatures.map(line => inspectLine(line, note.value.text, validators, trust))
    : [];
  const parts = { leaf, header, note, checkpoint, set, validators, lines };
  return { ...parts, faults: trust && stepFaults(receipt, parts, trust) };
}

function stepFaults(receipt: Receipt, parts: Omit<Inspection, 'faults'>, trust: Trust): StepFaults {
  const { leaf, header, checkpoint } = parts;
  const both = leaf.ok && header.ok ? { leaf: leaf.value, header: header.value } : null;
  const broken = faultOf(leaf) ?? faultOf(header);
  return {
    record: both === null ? faultOf(leaf) : recordFault(receipt, both, trust),
    entry: both === null ? broken : entryFault(receipt, both, trust),
    submission: header.ok ? submissionFault(receipt, header.value, trust) : header.fault,
    log: checkpoint.ok ? logFault(receipt, checkpoint.value, trust) : checkpoint.fault,
    checkpoint: checkpoint.ok ? checkpointFault(checkpoint.value, parts, trust) : checkpoint.fault,
    signatures: faultOf(verifyHead(receipt, trust)),
  };
}

interface Parts {
  readonly leaf: Leaf;
  readonly header: SubmissionHeader;
}

function recordFault(receipt: Receipt, { leaf, header }: Parts, { suite }: Trust): Fault | null {
  if (leaf.publisher !== header.publisher)
    return faultOf(refuse('leaf-mismatch', 'leaf and header name different publishers'));
  const id = suite.hasher.digest(signedBytes(receipt.extra.header));
  if (equalBytes(leaf.submission, id)) return null;
  return faultOf(refuse('leaf-mismatch', 'the leaf names another submission than the signed header'));
}

function entryFault({ extra }: Receipt, { leaf, header }: Parts, { suite }: Trust): Fault | null {
  const tree = logHash(suite.hasher);
  const entry = tree.leaf(leaf.entry.bytes);
  const included = verifyInclusion(tree, entry, leaf.i, header.count, extra.path, header.root);
  if (!included.ok) return { code: 'entry-mismatch', detail: included.fault.detail };
  return faultOf(discloseEntry(leaf.entry.value, extra.opening, suite.hasher));
}

function submissionFault({ extra }: Receipt, header: SubmissionHeader, trust: Trust): Fault | null {
  const { chain, suite } = trust;
  if (!equalBytes(header.genesis, chain.hash))
    return faultOf(refuse('wrong-chain', `signed for chain ${toHex(header.genesis)}`));
  const { verifier } = suite;
  if (verifier.isKey(header.key) && verifier.verify(header.key, signedBytes(extra.header), extra.signature))
    return null;
  return faultOf(refuse('bad-signature', 'the signature is not by the key in the header over that header'));
}

function logFault(receipt: Receipt, { size, root }: Checkpoint, { suite }: Trust): Fault | null {
  const tree = logHash(suite.hasher);
  return faultOf(
    verifyInclusion(tree, tree.leaf(receipt.extra.leaf), receipt.index, size, receipt.path, root),
  );
}

function checkpointFault(
  { origin, height }: Checkpoint,
  { leaf, set }: Pick<Inspection, 'leaf' | 'set'>,
  { chain }: Trust,
): Fault | null {
  if (origin !== chain.origin) return faultOf(refuse('wrong-chain', `of ${origin}, not of ${chain.origin}`));
  if (set !== null && !set.ok) return set.fault;
  if (!leaf.ok || leaf.value.height <= height) return null;
  return faultOf(refuse('wrong-height', `the record is of block ${leaf.value.height}, above this one`));
}

function inspectLine(
  line: NoteSignature,
  text: string,
  validators: readonly Validator[],
  trust: Trust | null,
): InspectedLine {
  const origin = text.slice(0, text.indexOf('\n'));
  const kind = line.name === origin ? 'log' : 'cosignature';
  const parsed = kind === 'log' ? null : parseCosignature(line);
  const time = parsed?.ok ? parsed.value.time * 1000 : null;
  const known = trust && attribute(line, text, validators, trust);
  return {
    name: line.name,
    keyId: line.keyId,
    kind,
    member: known?.member ?? null,
    time,
    verified: known === null ? null : known.verified,
  };
}

/** Whose key of the set a line names, and whether it is their signature. */
function attribute(
  line: NoteSignature,
  text: string,
  validators: readonly Validator[],
  { chain, suite }: Trust,
) {
  const { hasher, verifier } = suite;
  for (const { code, key, logKey } of validators) {
    const log = makeVerifierKey(chain.origin, TYPE_ED25519, logKey, hasher);
    if (isBy(line, log)) return { member: code, verified: verifyNoteSignature(text, line, log, verifier) };
    const own = makeVerifierKey(cosignerName(chain.origin, code), TYPE_COSIGNATURE, key, hasher);
    if (isBy(line, own)) return { member: code, verified: verifyCosignature(text, line, own, verifier).ok };
  }
  return { member: null, verified: false };
}

function faultOf(result: Result<unknown>): Fault | null {
  return result.ok ? null : result.fault;
}
