import { resolve } from 'node:path';
import { askedIn, askedText, type Fault, MAX_STATUS_BYTES } from '@qifeng/core';
import { fileDigest } from '../../asked.ts';
import type { Context } from '../../context.ts';
import { readSmall } from '../../files.ts';
import type { Prover } from '../../prover.ts';
import { chinaIso } from '../../time.ts';

/**
 * What a status proof about a digest says of a file that has no receipt: `no-public-record` where no public record carried its digest, in the
 * proof's algorithm, at the proof's time, else why the proof does not hold for it (the faults of `verifyStatusProof`); null for a proof about something
 * else than a digest, and for a digest that is recorded, whose receipt is needed.
 */
export async function judgeAbsence(
  file: string,
  path: string,
  prover: Prover,
  context: Context,
): Promise<Fault | null> {
  const bytes = await readSmall(resolve(context.io.cwd, path), path, MAX_STATUS_BYTES, context);
  const about = askedIn(bytes);
  if (!about.ok) return about.fault;
  if (about.value.kind !== 'digest') return null;
  const digest = await fileDigest(file, about.value.alg, context);
  const status = prover.judge(bytes, { kind: 'digest', ...digest });
  if (!status.ok) return status.fault;
  const { asked, value, asOf } = status.value;
  if (value !== null) return null;
  return {
    code: 'no-public-record',
    detail: `no public record carried ${askedText(asked)} as of ${chinaIso(asOf)}`,
  };
}
