import type { Hasher } from '../crypto/hasher.ts';
import type { Suite } from '../crypto/suite.ts';
import { ok, type Result, refuse } from '../encoding/result.ts';
import { cosignerName, makeCosignature, verifyCosignature } from '../ledger/cosignature.ts';
import type { Validator } from '../ledger/genesis.ts';
import type { NoteSignature } from '../ledger/note.ts';
import { quorum } from '../ledger/quorum.ts';
import { isBy, makeVerifierKey, TYPE_COSIGNATURE } from '../ledger/vkey.ts';

/** One cosignature that counted: a member and its time in seconds. */
export interface Cosigner {
  readonly code: string;
  readonly time: number;
}

/** A cosignature as a certificate has it: position in the set, seconds, 64 bytes. */
export interface SignedAt {
  readonly signer: number;
  readonly time: number;
  readonly signature: Uint8Array;
}

/** The lines of the first q of `signatures`, which are in order of position; all of them if they are fewer. */
export function cosignatureLines(
  origin: string,
  validators: readonly Validator[],
  signatures: readonly SignedAt[],
  hasher: Hasher,
): NoteSignature[] {
  return signatures.slice(0, quorum(validators.length)).map(({ signer, time, signature }) => {
    const { code, key } = validators[signer]!;
    return makeCosignature(cosignerName(origin, code), key, time, signature, hasher);
  });
}

/**
 * The cosigners of a checkpoint `text` by its `lines`: exactly q of the set, in its order, each line true and none of
 * anybody else. Faults: `unknown-line`, `bad-cosignature`, `no-quorum`.
 */
export function verifyCosigners(
  text: string,
  lines: readonly NoteSignature[],
  origin: string,
  validators: readonly Validator[],
  { hasher, verifier }: Suite,
): Result<readonly Cosigner[]> {
  const keys = validators.map(({ code, key }) =>
    makeVerifierKey(cosignerName(origin, code), TYPE_COSIGNATURE, key, hasher),
  );
  const cosigners: Cosigner[] = [];
  let next = 0;
  for (const line of lines) {
    const at = keys.findIndex((key, i) => i >= next && isBy(line, key));
    if (at < 0)
      return refuse(
        'unknown-line',
        `a line by ${describeLine(line)} is out of order or by nobody in the set`,
      );
    const verified = verifyCosignature(text, line, keys[at]!, verifier);
    if (!verified.ok)
      return refuse('bad-cosignature', `the cosignature of ${describeLine(line)}: ${verified.fault.detail}`);
    cosigners.push({ code: validators[at]!.code, time: verified.value.time });
    next = at + 1;
  }
  const q = quorum(validators.length);
  if (cosigners.length !== q)
    return refuse('no-quorum', `${cosigners.length} cosignatures, exactly ${q} are needed`);
  return ok(cosigners);
}

/** Lower median of the cosignature times, in ms: of q, at least one honest member says it was no later, and one no earlier. */
export function medianTime(cosigners: readonly Cosigner[]): number {
  const sorted = cosigners.map(({ time }) => time).sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)]! * 1000;
}

/** A signature line for a sentence: name and key id. */
export function describeLine(line: NoteSignature): string {
  return `${line.name} (key id ${line.keyId.toString(16).padStart(8, '0')})`;
}
