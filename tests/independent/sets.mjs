// The validator sets of the epochs: the genesis names the first, and each handover leads from one to the next.

import { decodeCbor, must } from './cbor.mjs';
import { verifyEd25519 } from './ed25519.mjs';
import { hex, noteKey, readCheckpoint, readNote, sha256 } from './text.mjs';
import { checkState } from './trees.mjs';

const LOG_LINE = 0x01;
const COSIGNATURE = 0x04;

/** A set of `[code, key, log key]`, in order of code, in force from block `start` on. */
export function validatorSet(origin, epoch, start, rows) {
  const validators = rows.map(([code, key, logKey]) => ({
    code,
    log: noteKey(origin, LOG_LINE, logKey),
    cosigner: noteKey(`${origin}/${code}`, COSIGNATURE, key),
  }));
  const n = validators.length;
  must(n > 0 && n <= 100, 'a set has 1 to 100 validators');
  for (let i = 1; i < n; i++) must(rows[i - 1][0] < rows[i][0], 'the members are not in order');
  return { epoch, start, validators, quorum: Math.floor((n + Math.floor((n - 1) / 3)) / 2) + 1 };
}

/** Exactly q cosignatures of the set over `text`, in its order, and no other line. */
export function checkCosignatures(text, lines, { validators, quorum }, say) {
  must(lines.length === quorum, `${lines.length} cosignatures, not ${quorum}`);
  let next = 0;
  for (const line of lines) {
    const at = validators.findIndex(({ cosigner }, i) => i >= next && isBy(line, cosigner));
    must(at >= 0, `a line by ${line.name} that is out of order, twice or by nobody`);
    must(line.signature.length === 72, 'a cosignature has 72 bytes');
    const time = Buffer.from(line.signature).readBigUInt64BE(0);
    must(time <= 253_402_300_799n, 'a time after the year 9999');
    const message = Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
    const { code, cosigner } = validators[at];
    must(
      verifyEd25519(cosigner.key, message, line.signature.subarray(8)),
      `the cosignature of ${code} fails`,
    );
    say(`cosigned by ${code} at ${time}`);
    next = at + 1;
  }
}

/** Whether a line claims to be by a key. */
export function isBy(line, key) {
  return line.name === key.name && line.id === key.id;
}

/** The set to which the handovers of a receipt lead, null or one for each epoch passed, from that of the genesis. */
export function setAfter(handovers, first, origin, say) {
  must(handovers === null || (Array.isArray(handovers) && handovers.length > 0), 'bad handovers');
  return (handovers ?? []).reduce((set, handover) => nextSet(handover, set, origin, say), first);
}

function nextSet(handover, set, origin, say) {
  must(Array.isArray(handover) && handover.length === 3, 'a handover is [checkpoint, epoch value, proof]');
  const [signed, valueBytes, proof] = handover;
  must(signed instanceof Uint8Array && valueBytes instanceof Uint8Array, 'a handover of other types');
  const { text, lines } = readNote(signed);
  const checkpoint = readCheckpoint(text);
  must(checkpoint.origin === origin, 'a handover of another log');
  must(checkpoint.epoch === set.epoch, `a handover of epoch ${checkpoint.epoch} as number ${set.epoch}`);
  must(checkpoint.height >= set.start, 'an epoch that ends before it begins');
  checkCosignatures(text, lines, set, () => {});
  const value = decodeCbor(valueBytes);
  must(Array.isArray(value) && value.length === 3 && Array.isArray(value[2]), 'a bad epoch value');
  const [n, start, rows] = value;
  must(n === rows.length && start === checkpoint.height + 1, 'an epoch value that contradicts itself');
  for (const row of rows) {
    must(Array.isArray(row) && row.length === 3, 'a validator has 3 fields');
    must(typeof row[0] === 'string' && /^[1-9][0-9]0000$/.test(row[0]), 'a bad member code');
    for (const key of row.slice(1)) must(key instanceof Uint8Array && key.length === 32, 'a bad key');
  }
  const name = ['epoch', set.epoch + 1];
  const { problems } = checkState({ root: checkpoint.stateRoot, name, value: valueBytes, proof });
  must(problems.length === 0, problems[0]);
  say(`epoch ${set.epoch} ended with block ${checkpoint.height} (${hex(sha256(text))})`);
  return validatorSet(origin, set.epoch + 1, start, rows);
}
