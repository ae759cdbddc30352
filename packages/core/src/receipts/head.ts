import type { Verifier } from '../crypto/verifier.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import { type Checkpoint, parseCheckpoint } from '../ledger/checkpoint.ts';
import { verifyCosignature } from '../ledger/cosignature.ts';
import type { Validator } from '../ledger/genesis.ts';
import { type Note, type NoteSignature, parseNote } from '../ledger/note.ts';
import {
  isBy,
  makeVerifierKey,
  TYPE_ED25519,
  type VerifierKey,
  verifyNoteSignature,
} from '../ledger/vkey.ts';
import { type Cosigner, describeLine, verifyCosigners } from './cosigners.ts';
import type { Handover } from './handover.ts';
import { type HandoverTrust, verifyEpoch } from './handovers.ts';
import type { Receipt } from './receipt.ts';
import { noteLineOf } from './tlog-proof.ts';

/** What a receipt is judged by. */
export interface ReceiptTrust extends HandoverTrust {
  /** Further signers a receipt may carry lines of, which must verify (`--witness-policy`); any other is refused. */
  readonly witnesses?: readonly VerifierKey[];
}

/** What the note of a receipt establishes. */
export interface Head {
  readonly checkpoint: Checkpoint;
  readonly cosigners: readonly Cosigner[];
  /** Validators in the set that they are of. */
  readonly validators: number;
}

/** The note of a receipt: text, one log line, q cosignatures of the epoch's set, nothing else. */
export function verifyHead({ note, extra, proof }: Receipt, trust: ReceiptTrust): Result<Head> {
  return verifySignedHead(note, extra.handovers, trust, noteLineOf(proof));
}

/** The same of a note by itself, whose first line has the number `firstLine` in its file. */
export function verifySignedHead(
  signed: Uint8Array,
  handovers: readonly Handover[] | null,
  trust: ReceiptTrust,
  firstLine = 1,
): Result<Head> {
  const note = parseNote(signed, { firstLine });
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
  const set = verifyEpoch(checkpoint.value, handovers, trust);
  if (!set.ok) return set;
  const cosigners = verifySigners(note.value, set.value.validators, trust);
  if (!cosigners.ok) return cosigners;
  const { length } = set.value.validators;
  return ok({ checkpoint: checkpoint.value, cosigners: cosigners.value, validators: length });
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
      return refuse('bad-cosignature', `the line of the witness ${describeLine(line)} does not verify`);
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
  return verifyCosigners(note.text, rest, chain.origin, validators, suite);
}

function isValid(text: string, line: NoteSignature, key: VerifierKey, verifier: Verifier): boolean {
  if (key.type === TYPE_ED25519) return verifyNoteSignature(text, line, key, verifier);
  return verifyCosignature(text, line, key, verifier).ok;
}
