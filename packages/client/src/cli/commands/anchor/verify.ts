import { resolve } from 'node:path';
import {
  type Digest,
  EXIT,
  type ExitCode,
  type Fault,
  MAX_PROOF_BYTES,
  parseReceipt,
  RECEIPT_SUFFIX,
  type VerifiedReceipt,
  verifyReceipt,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { fileDigest } from '../../asked.ts';
import type { Context } from '../../context.ts';
import { publisherText } from '../../describe.ts';
import { faultText } from '../../fault-text.ts';
import { explainFault } from '../../faults.ts';
import { readSmall, requireFile } from '../../files.ts';
import { chinaIso } from '../../time.ts';
import { registerOf, requireChain } from '../../trust.ts';
import { ANCHORED } from './handler.ts';
import { anchorMessages } from './messages.ts';

/** Arguments of `anchor verify` as they were typed. */
export interface ThroughBoth {
  readonly upper: string;
  readonly upperGenesis: string;
  readonly receipt?: string;
  readonly genesis?: string;
}

/** What two receipts establish together. */
interface Composed {
  readonly lower: VerifiedReceipt;
  readonly upper: VerifiedReceipt;
}

/** A receipt with the chain it is of. */
interface Proof {
  readonly bytes: Uint8Array;
  readonly chain: Awaited<ReturnType<typeof requireChain>>;
}

/**
 * Verifies a file through two ledgers, offline: its receipt is at a checkpoint of the lower one, and the very bytes of that
 * checkpoint are the document that the upper one recorded.
 */
export async function verifyThrough(file: string, flags: ThroughBoth, context: Context): Promise<ExitCode> {
  const { io, out, json, lang } = context;
  const words = anchorMessages(lang);
  const { receipt = file + ANCHORED + RECEIPT_SUFFIX } = flags;
  await requireFile(resolve(io.cwd, file), file, context);
  const read = (path: string) => readSmall(resolve(io.cwd, path), path, MAX_PROOF_BYTES, context);
  const lower = { bytes: await read(receipt), chain: await requireChain(flags.genesis, context) };
  const upper = { bytes: await read(flags.upper), chain: await requireChain(flags.upperGenesis, context) };
  const digests = [await fileDigest(file, 'sha256', context), await fileDigest(file, 'sm3', context)];
  const verdict = compose(digests, lower, upper);
  if (json) out.json({ file, ...toJson(verdict) });
  else if (!verdict.ok) {
    const { ledger, fault } = verdict;
    out.heading(false, file, words.refuted[ledger]);
    out.note(`${fault.code}: ${faultText(fault, lang)}`);
    const elsewhere = ledger === 'upper' && fault.code === 'file-mismatch';
    out.note(elsewhere ? words.upperNext : explainFault(fault.code, lang).next);
  } else {
    const { lower: below, upper: above } = verdict.value;
    const names = registerOf(upper.chain, context);
    await names.learn({ profiles: [], publishers: [above.leaf.publisher] }, null);
    const place = ({ recordedAt, index }: VerifiedReceipt) => words.recorded(chinaIso(recordedAt), index);
    out.heading(true, file, words.verified);
    out.rows([
      [words.lower, `${lower.chain.genesis.name} (${lower.chain.origin}), ${place(below)}`],
      [words.upperLedger, `${upper.chain.genesis.name} (${upper.chain.origin}), ${place(above)}`],
      [words.by, publisherText(above.leaf.publisher, names)],
      [words.before, chinaIso(above.existedNoLaterThan)],
    ]);
  }
  return verdict.ok ? EXIT.done : EXIT.refuted;
}

type Verdict =
  | { readonly ok: true; readonly value: Composed }
  | { readonly ok: false; readonly ledger: 'lower' | 'upper'; readonly fault: Fault };

function compose(digests: readonly Digest[], lower: Proof, upper: Proof): Verdict {
  const below = verifyReceipt(lower.bytes, { chain: lower.chain, suite: nativeSuite, digests });
  if (!below.ok) return { ok: false, ledger: 'lower', fault: below.fault };
  const parsed = parseReceipt(lower.bytes);
  // The checkpoint as the ledger above recorded it: the bytes of the signed note.
  const above = parsed.ok
    ? verifyReceipt(upper.bytes, {
        chain: upper.chain,
        suite: nativeSuite,
        digests: [{ alg: 'sha256', hash: nativeSuite.hasher.digest(parsed.value.note) }],
      })
    : parsed;
  if (!above.ok) return { ok: false, ledger: 'upper', fault: above.fault };
  return { ok: true, value: { lower: below.value, upper: above.value } };
}

function toJson(verdict: Verdict) {
  if (!verdict.ok)
    return {
      verified: false,
      ledger: verdict.ledger,
      code: verdict.fault.code,
      detail: verdict.fault.detail,
    };
  const { lower, upper } = verdict.value;
  const of = ({ index, recordedAt, existedNoLaterThan, leaf }: VerifiedReceipt) => ({
    index,
    recordedAt,
    existedNoLaterThan,
    publisher: leaf.publisher,
  });
  return { verified: true, ledger: null, code: null, detail: null, lower: of(lower), upper: of(upper) };
}
