// The C2SP text formats: signed-note, tlog-checkpoint, tlog-proof, tlog-policy. Strict: one content has one text.

import { createHash } from 'node:crypto';
import { join, must, utf8 } from './cbor.mjs';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes of base64 with padding (RFC 4648 section 4), stray bits refused. */
export function unbase64(text) {
  must(text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text), 'not base64');
  const digits = text.replaceAll('=', '');
  let bits = '';
  for (const digit of digits) bits += DIGITS.indexOf(digit).toString(2).padStart(6, '0');
  const count = Math.floor(bits.length / 8);
  must(count === (text.length / 4) * 3 - (text.length - digits.length), 'base64 with wrong padding');
  must(!bits.slice(8 * count).includes('1'), 'base64 with stray bits');
  return Uint8Array.from({ length: count }, (_, i) => Number.parseInt(bits.slice(8 * i, 8 * i + 8), 2));
}

/** A number in its one decimal form. */
export function decimal(text) {
  must(/^(0|[1-9][0-9]*)$/.test(text) && Number.isSafeInteger(Number(text)), `not a number: ${text}`);
  return Number(text);
}

/** Lowercase hex. */
export function hex(bytes) {
  return Buffer.from(bytes).toString('hex');
}

/** SHA-256 of the parts one after the other. */
export function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(Array.isArray(part) ? Uint8Array.from(part) : part);
  return new Uint8Array(hash.digest());
}

/** A key as notes name it: key id = SHA-256(name ‖ 0x0A ‖ type ‖ key)[:4]. */
export function noteKey(name, type, key) {
  return { name, type, key, id: hex(sha256(`${name}\n`, [type], key).subarray(0, 4)) };
}

/** The text of a key in a policy: `name+id+base64(type ‖ key)`. */
export function vkeyText({ name, type, key, id }) {
  return `${name}+${id}+${Buffer.from(join([type], key)).toString('base64')}`;
}

/** A tlog-proof in its parts. */
export function readProof(bytes) {
  const end = Buffer.from(bytes).indexOf('\n\n');
  must(end >= 0, 'no empty line after the proof');
  const lines = utf8(bytes.subarray(0, end)).split('\n');
  const note = readNote(bytes.subarray(end + 2));
  must(lines[0] === 'c2sp.org/tlog-proof@v1', 'the first line is not c2sp.org/tlog-proof@v1');
  must(lines[1]?.startsWith('extra '), 'the second line is not the extra line');
  must(lines[2]?.startsWith('index '), 'the third line is not the index line');
  const path = lines.slice(3).map(hash32);
  must(path.length <= 63, 'more than 63 hashes in the path');
  return { extra: unbase64(lines[1].slice(6)), index: decimal(lines[2].slice(6)), path, note };
}

function hash32(text) {
  const bytes = unbase64(text);
  must(bytes.length === 32, 'not a hash of 32 bytes');
  return bytes;
}

/** A signed note in its parts: the text, and lines of name, key id in hex and signature. */
export function readNote(bytes) {
  const whole = utf8(bytes);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  must(!/[\u0000-\u0009\u000b-\u001f]/.test(whole), 'a control character in the note');
  const split = whole.lastIndexOf('\n\n');
  must(split >= 0 && whole.endsWith('\n'), 'a note is a text, an empty line, and signature lines');
  const lines = whole
    .slice(split + 2)
    .split('\n')
    .slice(0, -1);
  must(lines.length > 0, 'a note without a signature');
  return { text: whole.slice(0, split + 1), lines: lines.map(readSignature) };
}

function readSignature(line) {
  const parts = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/u.exec(line);
  must(parts !== null, `not a signature line: ${line}`);
  const bytes = unbase64(parts[2]);
  must(bytes.length > 4, 'a signature line without a signature');
  return { name: parts[1], id: hex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

/** The six lines of a checkpoint of this ledger. */
export function readCheckpoint(text) {
  const lines = text.split('\n');
  must(lines.length === 7 && lines[6] === '', 'a checkpoint of this ledger has six lines');
  const block = /^block ([0-9]+) (\S+)$/.exec(lines[3]);
  const state = /^state (\S+)$/.exec(lines[4]);
  const epoch = /^epoch ([0-9]+)$/.exec(lines[5]);
  must(block && state && epoch, 'the extension lines of a checkpoint are block, state and epoch');
  return {
    origin: lines[0],
    size: decimal(lines[1]),
    root: hash32(lines[2]),
    height: decimal(block[1]),
    blockHash: hash32(block[2]),
    stateRoot: hash32(state[1]),
    epoch: decimal(epoch[1]),
  };
}

/** A policy of logs, witnesses, one group of witnesses and a quorum line that names the group. */
export function readPolicy(bytes) {
  const text = Buffer.from(bytes).toString('latin1');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  must(text.endsWith('\n') && !/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text), 'not a policy file');
  const policy = { logs: [], witnesses: new Map(), group: null, quorum: null };
  for (const line of text.split('\n')) {
    const [keyword, ...items] = line.split(/[ \t]+/).filter(word => word !== '');
    if (keyword === undefined || keyword.startsWith('#')) continue;
    if (keyword === 'log' && (items.length === 1 || items.length === 2)) policy.logs.push(items[0]);
    else if (keyword === 'witness' && (items.length === 2 || items.length === 3)) {
      must(items[0] !== 'none' && !policy.witnesses.has(items[0]), `the name ${items[0]} is taken`);
      policy.witnesses.set(items[0], items[1]);
    } else if (keyword === 'group' && items.length > 2) {
      must(policy.group === null, 'a second group');
      must(items[0] !== 'none' && !policy.witnesses.has(items[0]), `the name ${items[0]} is taken`);
      policy.group = { name: items[0], threshold: threshold(items[1], items.length - 2), of: items.slice(2) };
      for (const name of policy.group.of) must(policy.witnesses.has(name), `${name} is not defined above`);
    } else if (keyword === 'quorum' && items.length === 1) {
      must(policy.quorum === null, 'a second quorum line');
      must(policy.group?.name === items[0], 'the quorum is not the group');
      policy.quorum = items[0];
    } else must(false, `not a line of a policy: ${line}`);
  }
  must(policy.quorum !== null, 'no quorum line');
  return policy;
}

function threshold(rule, count) {
  return rule === 'all' ? count : rule === 'any' ? 1 : decimal(rule);
}
