import { fromBase64, toBase64 } from '../encoding/base64.ts';
import { concat, u32 } from '../encoding/bytes.ts';
import { invariant, ok, type Result, refuse } from '../encoding/result.ts';
import { fromUtf8, isWellFormed, toUtf8 } from '../encoding/utf8.ts';

/** One signature line of a note: who claims to have signed (C2SP signed-note, "Signatures"). */
export interface NoteSignature {
  /** Key name: non-empty, no Unicode space, no plus. */
  readonly name: string;
  /** Key id, an unsigned 32-bit number. Name and id together identify the key. */
  readonly keyId: number;
  /** What follows the key id: at least one byte, its form depends on the key's type. */
  readonly signature: Uint8Array;
}

/** A signed note: `text` ends in a newline and is exactly what was signed. Nothing in it is verified yet. */
export interface Note {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Bounds of `parseNote`, and the number of its first line where the note stands inside another file. */
export interface NoteOptions {
  readonly maxBytes?: number;
  readonly maxSignatures?: number;
  readonly firstLine?: number;
}

/** Default largest note in bytes. */
export const MAX_NOTE_BYTES = 1 << 20;
/** Default largest number of signature lines; C2SP asks for at least 16, 31 members and a log need 32. */
export const MAX_NOTE_SIGNATURES = 128;

const DASH = '— ';

/** True iff `name` may name a key: not empty, no Unicode white space, no plus, no control character. */
export function isKeyName(name: string): boolean {
  return name !== '' && isWellFormed(name) && controlAt(name) < 0 && !/[\p{White_Space}+]/u.test(name);
}

/** True iff `text` may be a note's text: ends in a newline, no other control character, has a UTF-8 form. */
export function isNoteText(text: string): boolean {
  return text.endsWith('\n') && controlAt(text) < 0 && isWellFormed(text);
}

/**
 * A signed note from its bytes, strictly (C2SP signed-note): one note has one encoding. Faults: `note-too-large`,
 * `note-utf8`, `note-control-character`, `note-newline` (the last one is missing), `note-separator` (no empty line),
 * `note-no-signatures`, `note-too-many-signatures`, `note-signature-line`.
 */
export function parseNote(bytes: Uint8Array, options: NoteOptions = {}): Result<Note> {
  const { maxBytes = MAX_NOTE_BYTES, maxSignatures = MAX_NOTE_SIGNATURES, firstLine = 1 } = options;
  if (bytes.length > maxBytes) return refuse('note-too-large', `a note of more than ${maxBytes} bytes`);
  const decoded = fromUtf8(bytes);
  if (!decoded.ok) return refuse('note-utf8', `the note that begins on line ${firstLine} is not valid UTF-8`);
  const whole = decoded.value;
  const control = controlAt(whole);
  if (control >= 0) {
    const line = firstLine + countNewlines(whole, control);
    return refuse('note-control-character', `line ${line}: a control character other than newline`);
  }
  if (!whole.endsWith('\n')) {
    const line = firstLine + countNewlines(whole, whole.length);
    return refuse('note-newline', `line ${line}: the note does not end in a newline`);
  }
  const split = whole.lastIndexOf('\n\n');
  if (split < 0)
    return refuse('note-separator', `no empty line between text and signatures after line ${firstLine}`);
  const text = whole.slice(0, split + 1);
  const block = whole.slice(split + 2);
  if (block === '') return refuse('note-no-signatures', 'no signature line after the last empty line');
  const count = countNewlines(block, block.length);
  if (count > maxSignatures)
    return refuse('note-too-many-signatures', `${count} signature lines, at most ${maxSignatures}`);
  const firstSignature = firstLine + countNewlines(text, text.length) + 1;
  const signatures: NoteSignature[] = [];
  for (const line of block.slice(0, -1).split('\n')) {
    const signature = parseSignatureLine(line, firstSignature + signatures.length);
    if (!signature.ok) return signature;
    signatures.push(signature.value);
  }
  return ok({ text, signatures });
}

/** The exact inverse of `parseNote`. Text and names are our own here: a malformed one breaks an invariant. */
export function formatNote(note: Note): Uint8Array {
  invariant(isNoteText(note.text), 'a note text ends in a newline and has no other control character');
  invariant(note.signatures.length > 0, 'a signed note has a signature');
  return toUtf8(`${note.text}\n${note.signatures.map(formatSignatureLine).join('')}`);
}

/** One signature line, with its newline. */
export function formatSignatureLine(signature: NoteSignature): string {
  invariant(isKeyName(signature.name), 'a key name has no space and no plus');
  invariant(isKeyId(signature.keyId), 'a key id is an unsigned 32-bit number');
  invariant(signature.signature.length > 0, 'a signature is not empty');
  return `${DASH}${signature.name} ${toBase64(concat(u32(signature.keyId), signature.signature))}\n`;
}

/** Inverse of `formatSignatureLine`, given the line without its newline; `number` is for the fault's detail. */
export function parseSignatureLine(line: string, number = 1): Result<NoteSignature> {
  const bad = (detail: string) => refuse('note-signature-line', `line ${number}: ${detail}`);
  if (!line.startsWith(DASH)) return bad('a signature line begins with an em dash (U+2014) and one space');
  const space = line.indexOf(' ', DASH.length);
  if (space < 0) return bad('no space between the key name and the signature');
  const name = line.slice(DASH.length, space);
  if (!isKeyName(name)) return bad('the key name is empty or has a space or a plus');
  const decoded = fromBase64(line.slice(space + 1));
  if (!decoded.ok) return bad(`the signature: ${decoded.fault.detail}`);
  const bytes = decoded.value;
  if (bytes.length < 5) return bad('a signature is a key id of four bytes and at least one more byte');
  const keyId = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return ok({ name, keyId, signature: bytes.slice(4) });
}

function isKeyId(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id <= 0xffffffff;
}

/** A safe integer from its one decimal form: digits, no sign, no leading zero; null for anything else. */
export function parseDecimal(text: string): number | null {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

/** Position of the first ASCII control character other than newline, or -1. */
function controlAt(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 && code !== 0x0a) return i;
  }
  return -1;
}

function countNewlines(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
