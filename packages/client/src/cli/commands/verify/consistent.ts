import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type Chain,
  type Checkpoint,
  CliError,
  complaintRows,
  consistencyCodec,
  EXIT,
  type ExitCode,
  encode,
  logHash,
  MAX_CONSISTENCY_BYTES,
  type Result,
  sizesOf,
  verifyConsistent,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { consistencyOf } from '../../../audit/consistency.ts';
import { writeWhole } from '../../../files/write.ts';
import type { Names } from '../../../register/register.ts';
import type { Context } from '../../context.ts';
import { faultText } from '../../fault-text.ts';
import { explainFault } from '../../faults.ts';
import { fileError, readSmall } from '../../files.ts';
import { readFromNodes } from '../../readers.ts';
import { toJsonReport } from './json.ts';
import { verifyMessages } from './messages.ts';
import { exitOf, type FileReport } from './report.ts';

/** Where the proofs are, and whether a node may be asked where the file is not there. */
export interface ConsistencySource {
  readonly path: string;
  readonly isOffline: boolean;
}

/**
 * Whether the logs of the files' checkpoints are one that grew, by the proofs in a file; where there is none it is made from
 * the tiles of a node, verified and kept. 0 if they are, 1 if they are not or a proof is false, 2 if anything is missing.
 */
export async function judgeConsistent(
  reports: readonly FileReport[],
  heads: readonly Checkpoint[],
  { path, isOffline }: ConsistencySource,
  names: Names,
  context: Context,
): Promise<ExitCode> {
  const { out, json, lang } = context;
  const words = verifyMessages(lang);
  const { chain } = names;
  const verified = reports.every(({ kind }) => kind === 'verified');
  const isThere = isOffline || existsSync(resolve(context.io.cwd, path));
  const judged = verified ? await verdictOn(heads, path, isThere, chain, context) : null;
  const fault = judged === null || judged.ok ? null : judged.fault;
  if (json)
    out.json({
      proof: path,
      consistent: judged?.ok ?? null,
      code: fault?.code ?? null,
      detail: fault?.detail ?? null,
      sizes: sizesOf(heads),
      files: reports.map(report => toJsonReport(report, names)),
    });
  else if (judged === null) out.heading(false, path, words.notJudged);
  else if (fault === null) out.heading(true, path, words.consistent(sizesOf(heads).join(' ')));
  else {
    const { code, detail } = fault;
    const known = code === 'wrong-chain' || code.startsWith('cbor-') ? explainFault(code, lang) : null;
    const says = known?.says ?? words.inconsistent;
    out.heading(false, path, code);
    out.sentence(says);
    out.rows(
      complaintRows(
        { what: says, why: faultText({ code, detail }, lang), next: words.inconsistentNext },
        lang,
      ),
    );
  }
  if (judged === null) return exitOf(reports);
  return judged.ok ? EXIT.done : EXIT.refuted;
}

async function verdictOn(
  heads: readonly Checkpoint[],
  path: string,
  isThere: boolean,
  chain: Chain,
  context: Context,
): Promise<Result<readonly number[]>> {
  const full = resolve(context.io.cwd, path);
  const judge = (bytes: Uint8Array) => verifyConsistent(heads, bytes, chain, nativeSuite.hasher);
  if (isThere) return judge(await readSmall(full, path, MAX_CONSISTENCY_BYTES, context));
  const made = await makeProofs(sizesOf(heads), judge, chain, context);
  await writeWhole(full, made).catch((error: unknown) => {
    throw fileError(error, path, context);
  });
  return judge(made);
}

/** Proofs from each size to the next, of the first node whose tiles make such that hold. */
function makeProofs(
  sizes: readonly number[],
  judge: (bytes: Uint8Array) => Result<unknown>,
  { hash: genesis }: Chain,
  context: Context,
): Promise<Uint8Array> {
  const tree = logHash(nativeSuite.hasher);
  return readFromNodes(context, async reader => {
    const steps: { from: number; to: number; path: readonly Uint8Array[] }[] = [];
    for (const [i, from] of sizes.slice(0, -1).entries()) {
      const to = sizes[i + 1]!;
      steps.push({ from, to, path: await consistencyOf(reader, from, to, tree) });
    }
    const bytes = encode(consistencyCodec, { v: 1, genesis, steps });
    const judged = judge(bytes);
    if (judged.ok) return bytes;
    const { code, detail } = judged.fault;
    const { inconsistent: what, inconsistentNext: next } = verifyMessages(context.lang);
    throw new CliError(EXIT.refuted, code, {
      what,
      why: `${reader.url}: ${faultText({ code, detail }, context.lang)}`,
      next,
    });
  });
}
