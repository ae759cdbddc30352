import type { Suite } from '../crypto/suite.ts';
import type { Verifier } from '../crypto/verifier.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import { type Checkpoint, parseCheckpoint } from '../ledger/checkpoint.ts';
import { type Cosignature, cosignerName, verifyCosignature } from '../ledger/cosignature.ts';
import type { Chain, Validator } from '../ledger/genesis.ts';
import { type Note, type NoteSignature, parseNote } from '../ledger/note.ts';
import { quorum } from '../ledger/quorum.ts';
import {
  isBy,
  makeVerifierKey,
  TYPE_COSIGNATURE,
  TYPE_ED25519,
  type VerifierKey,
  verifyNoteSignature,
} from '../ledger/vkey.ts';
import type { Receipt } from './receipt.ts';
import { noteLineOf } from './tlog-proof.ts';

/** What a receipt is judged by. */
export interface ReceiptTrust {
  readonly chain: Chain;
  readonly suite: Suite;
  /** Further signers a receipt may carry lines of, which must verify (`--witness-policy`); any other is refused. */
  readonly witnesses?: readonly VerifierKey[];
}

/** One cosignature that counted: a member and its time in seconds. */
export interface Cosigner {
  readonly code: string;
  readonly time: number;
}

/** What the note of a receipt establishes. */
export interface Head {
  readonly checkpoint: Checkpoint;
  readonly cosigners: readonly Cosigner[];
}

/** The note: text, one log line, q cosignatures of the epoch's set, nothing else. */
export function verifyHead(receipt: Receipt, trust: ReceiptTrust): Result<Head> {
  const firstLine = noteLineOf(receipt.proof);
  const note = parseNote(receipt.note, { firstLine });
  if (!note.ok) return note;
  const checkpoint = parseCheckpoint(note.value.text, firstLine);
  if (!checkpoint.ok) return checkpoint;
  const { chain } = trust;
  if (checkpoint.value.origin !== chain.origin) {
    return refuse(
      'wrong-chain',
      `line ${firstLine}: the checkpoint is of ${checkpoint.value.origin}, not ${chain.origin}`,
    );
  }
  if (checkpoint.value.epoch !== 0 || receipt.extra.handovers !== null) {
    const found =
      checkpoint.value.epoch === 0 ? 'hands over from it' : `is of epoch ${checkpoint.value.epoch}`;
    return refuse('wrong-epoch', `the genesis vouches for epoch 0 only, the receipt ${found}`);
  }
  const cosigners = verifySigners(note.value, chain.validators, trust);
  return cosigners.ok ? ok({ checkpoint: checkpoint.value, cosigners: cosigners.value }) : cosigners;
}

function verifySigners(
  note: Note,
  validators: readonly Validator[],
  { chain, suite, witnesses = [] }: ReceiptTrust,
): Result<readonly Cosigner[]> {
  const { hasher, verifier } = suite;
  const isOurs = ({ name }: NoteSignature) => name === chain.origin || name.startsWith(`${chain.origin}/`);
  const own: NoteSignature[] = [];
  for (const line of note.signatures) {
    const witness = isOurs(line) ? undefined : witnesses.find(key => isBy(line, key));
    if (witness === undefined) own.push(line);
    else if (!isValid(note.text, line, witness, verifier))
      return refuse('bad-cosignature', `the line of the witness ${describe(line)} does not verify`);
  }
  const logKeys = validators.map(({ logKey }) => makeVerifierKey(chain.origin, TYPE_ED25519, logKey, hasher));
  const [logLine, ...rest] = own;
  const logKey = logLine && logKeys.find(key => isBy(logLine, key));
  if (
    logLine === undefined ||
    logKey === undefined ||
    !verifyNoteSignature(note.text, logLine, logKey, verifier)
  ) {
    return refuse('bad-log-line', 'the first signature is not by the log key of a validator');
  }
  const keys = validators.map(({ code, key }) =>
    makeVerifierKey(cosignerName(chain.origin, code), TYPE_COSIGNATURE, key, hasher),
  );
  const cosigners: Cosigner[] = [];
  let next = 0;
  for (const line of rest) {
    const at = keys.findIndex((key, i) => i >= next && isBy(line, key));
    if (at < 0)
      return refuse('unknown-line', `a line by ${describe(line)} is out of order or by nobody in the set`);
    const verified: Result<Cosignature> = verifyCosignature(note.text, line, keys[at]!, verifier);
    if (!verified.ok)
      return refuse('bad-cosignature', `the cosignature of ${describe(line)}: ${verified.fault.detail}`);
    cosigners.push({ code: validators[at]!.code, time: verified.value.time });
    next = at + 1;
  }
  const q = quorum(validators.length);
  if (cosigners.length !== q)
    return refuse('no-quorum', `${cosigners.length} cosignatures, exactly ${q} are needed`);
  return ok(cosigners);
}

function isValid(text: string, line: NoteSignature, key: VerifierKey, verifier: Verifier): boolean {
  if (key.type === TYPE_ED25519) return verifyNoteSignature(text, line, key, verifier);
  return verifyCosignature(text, line, key, verifier).ok;
}

function describe(line: NoteSignature): string {
  return `${line.name} (key id ${line.keyId.toString(16).padStart(8, '0')})`;
}
