import { resolve } from 'node:path';
import { EXIT, type ExitCode, MAX_EVIDENCE_BYTES, verifyEvidence } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { Context } from '../../context.ts';
import { faultText } from '../../fault-text.ts';
import { readSmall } from '../../files.ts';
import { requireChain } from '../../trust.ts';
import { provenJson } from './json.ts';
import { auditMessages } from './messages.ts';
import { printProven } from './print.ts';

/** Verifies a file of evidence without any node: 0 if it proves what it says, else 1. */
export async function verifyFile(
  file: string,
  genesis: string | undefined,
  context: Context,
): Promise<ExitCode> {
  const chain = await requireChain(genesis, context);
  const bytes = await readSmall(resolve(context.io.cwd, file), file, MAX_EVIDENCE_BYTES, context);
  const verdict = verifyEvidence(bytes, { chain, suite: nativeSuite });
  const { json, out, lang } = context;
  const words = auditMessages(lang);
  if (json) {
    const base = { file, verified: verdict.ok };
    const found = verdict.ok
      ? { code: 'verified', detail: null, ...provenJson(verdict.value, chain) }
      : verdict.fault;
    out.json({ ...base, ...found });
  } else if (verdict.ok) {
    out.heading(true, file, words.evidenceHolds);
    printProven(verdict.value, chain, context);
  } else {
    out.heading(false, file, verdict.fault.code);
    out.sentence(words.evidenceFails);
    out.rows([
      [words.detail, faultText(verdict.fault, lang)],
      [words.next, words.evidenceFailsNext],
    ]);
  }
  return verdict.ok ? EXIT.done : EXIT.refuted;
}
