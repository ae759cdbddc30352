import { resolve } from 'node:path';
import {
  type Chain,
  CliError,
  EXIT,
  invariant,
  MAX_PROOF_BYTES,
  parseReceipt,
  type Receipt,
  type VerifiedReceipt,
  verifyReceipt,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { Context } from './context.ts';
import { faultText } from './fault-text.ts';
import { explainFault } from './faults.ts';
import { readSmall } from './files.ts';

/** A receipt that a genesis alone proves, for what it says beside its record; 1 where it does not verify. */
export async function readVerifiedReceipt(
  file: string,
  chain: Chain,
  context: Context,
): Promise<{ readonly receipt: Receipt; readonly verified: VerifiedReceipt }> {
  const bytes = await readSmall(resolve(context.io.cwd, file), file, MAX_PROOF_BYTES, context);
  const verified = verifyReceipt(bytes, { chain, suite: nativeSuite, digests: null });
  const receipt = parseReceipt(bytes);
  if (verified.ok && receipt.ok) return { receipt: receipt.value, verified: verified.value };
  invariant(!verified.ok, 'a receipt that was verified is read');
  const { code, detail } = verified.fault;
  const { says, next } = explainFault(code, context.lang);
  throw new CliError(EXIT.refuted, code, {
    what: `${file}: ${says}`,
    why: faultText({ code, detail }, context.lang),
    next,
  });
}
