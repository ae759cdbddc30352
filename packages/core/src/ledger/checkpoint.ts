import { HASH_LENGTH } from '../crypto/hasher.ts';
import { fromBase64, toBase64 } from '../encoding/base64.ts';
import { invariant, ok, type Result, refuse } from '../encoding/result.ts';
import { isKeyName, isNoteText, parseDecimal } from './note.ts';

/** Any C2SP checkpoint (tlog-checkpoint): the note text of a log's tree head. */
export interface TreeHead {
  /** Non-empty; may hold spaces in logs other than ours. */
  readonly origin: string;
  /** Number of leaves, a safe integer. */
  readonly size: number;
  /** 32-byte RFC 6962 root. */
  readonly root: Uint8Array;
  /** Extension lines without their newlines, none empty. */
  readonly extensions: readonly string[];
}

/** Qifeng's checkpoint: the state of the ledger after executing one block (FORMATS, "Checkpoint"). */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly height: number;
  /** 32 bytes. */
  readonly blockHash: Uint8Array;
  /** 32-byte root of the certified state map. */
  readonly stateRoot: Uint8Array;
  readonly epoch: number;
}

/**
 * Any C2SP checkpoint from its note text; `firstLine` is the number of its first line, for details. Faults:
 * `checkpoint-text` (no final newline, a control character, no UTF-8 form), `checkpoint-lines` (too few or an empty
 * one), `checkpoint-size`, `checkpoint-root`. Re-formatting gives the same text.
 */
export function parseTreeHead(text: string, firstLine = 1): Result<TreeHead> {
  if (!isNoteText(text))
    return refuse(
      'checkpoint-text',
      `the text from line ${firstLine} on is not newline-terminated plain text`,
    );
  const lines = text.slice(0, -1).split('\n');
  const empty = lines.indexOf('');
  if (empty >= 0)
    return refuse('checkpoint-lines', `line ${firstLine + empty}: a checkpoint has no empty line`);
  const [origin, sizeText, rootText, ...extensions] = lines;
  if (origin === undefined || sizeText === undefined || rootText === undefined)
    return refuse('checkpoint-lines', `a checkpoint has at least three lines, this one has ${lines.length}`);
  const size = parseDecimal(sizeText);
  if (size === null) return refuse('checkpoint-size', `line ${firstLine + 1}: not a tree size`);
  const root = hash32(rootText);
  if (root === null) return refuse('checkpoint-root', `line ${firstLine + 2}: not a 32-byte root in base64`);
  return ok({ origin, size, root, extensions });
}

/** The exact inverse of `parseTreeHead`. */
export function formatTreeHead(head: TreeHead): string {
  requireNumber(head.size);
  requireHash(head.root);
  const lines = [head.origin, String(head.size), toBase64(head.root), ...head.extensions];
  for (const line of lines)
    invariant(
      line !== '' && !line.includes('\n') && isNoteText(`${line}\n`),
      'a checkpoint line is plain text',
    );
  return `${lines.join('\n')}\n`;
}

/**
 * Qifeng's checkpoint from its note text: exactly six lines, of which `formatCheckpoint` gives back the same text.
 * Faults: those of `parseTreeHead`, and `checkpoint-origin` (not a key name), `checkpoint-lines` (not six),
 * `checkpoint-block`, `checkpoint-state`, `checkpoint-epoch`.
 */
export function parseCheckpoint(text: string, firstLine = 1): Result<Checkpoint> {
  const head = parseTreeHead(text, firstLine);
  if (!head.ok) return head;
  const { origin, size, root, extensions } = head.value;
  if (!isKeyName(origin))
    return refuse('checkpoint-origin', `line ${firstLine}: an origin has no space and no plus`);
  const [block, state, epochText] = extensions;
  if (extensions.length !== 3 || block === undefined || state === undefined || epochText === undefined)
    return refuse(
      'checkpoint-lines',
      `a Qifeng checkpoint has six lines, this one has ${3 + extensions.length}`,
    );
  const [blockWord, heightText, hashText, ...more] = block.split(' ');
  const height = parseDecimal(heightText ?? '');
  const blockHash = hash32(hashText ?? '');
  if (blockWord !== 'block' || height === null || blockHash === null || more.length > 0)
    return refuse('checkpoint-block', `line ${firstLine + 3}: not "block <height> <block hash in base64>"`);
  const stateRoot = state.startsWith('state ') ? hash32(state.slice(6)) : null;
  if (stateRoot === null)
    return refuse('checkpoint-state', `line ${firstLine + 4}: not "state <state root in base64>"`);
  const epoch = epochText.startsWith('epoch ') ? parseDecimal(epochText.slice(6)) : null;
  if (epoch === null) return refuse('checkpoint-epoch', `line ${firstLine + 5}: not "epoch <number>"`);
  return ok({ origin, size, root, height, blockHash, stateRoot, epoch });
}

/** The note text of a checkpoint, exactly what validators cosign; the inverse of `parseCheckpoint`. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { origin, size, root, height, blockHash, stateRoot, epoch } = checkpoint;
  invariant(isKeyName(origin), 'an origin has no space and no plus');
  requireNumber(height);
  requireNumber(epoch);
  requireHash(blockHash);
  requireHash(stateRoot);
  return formatTreeHead({
    origin,
    size,
    root,
    extensions: [`block ${height} ${toBase64(blockHash)}`, `state ${toBase64(stateRoot)}`, `epoch ${epoch}`],
  });
}

function hash32(text: string): Uint8Array | null {
  const bytes = fromBase64(text);
  return bytes.ok && bytes.value.length === HASH_LENGTH ? bytes.value : null;
}

function requireNumber(value: number): void {
  invariant(Number.isSafeInteger(value) && value >= 0, 'a checkpoint number is a safe unsigned integer');
}

function requireHash(hash: Uint8Array): void {
  invariant(hash.length === HASH_LENGTH, 'a checkpoint hash has 32 bytes');
}
