import { resolve } from 'node:path';
import {
  type Certified,
  type Chain,
  CliError,
  certificateIn,
  EXIT,
  type ExitCode,
  type Fault,
  formatReceipt,
  type Handover,
  logHash,
  MAX_PROOF_BYTES,
  parseCheckpoint,
  parseNote,
  parseReceipt,
  RECEIPT_SUFFIX,
  type Result,
  usageFault,
  verifyCertificate,
  verifyReceipt,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { inclusionOf } from '../../../audit/consistency.ts';
import type { NodeReader } from '../../../audit/node-reader.ts';
import { writeWhole } from '../../../files/write.ts';
import type { Context } from '../../context.ts';
import { faultText } from '../../fault-text.ts';
import { explainFault } from '../../faults.ts';
import { fileError, readSmall } from '../../files.ts';
import { readFromNodes } from '../../readers.ts';
import { requireChain } from '../../trust.ts';
import { anchorMessages } from './messages.ts';

/** Between the name of a file and the suffix of a receipt: a receipt at a checkpoint that another ledger recorded. */
export const ANCHORED = '.anchored';

/** Writes the last checkpoint of the ledger, with its signatures, to a file. */
export async function takeCheckpoint(
  to: string,
  genesis: string | undefined,
  context: Context,
): Promise<ExitCode> {
  const { out, json, lang } = context;
  const words = anchorMessages(lang);
  const chain = await requireChain(genesis, context);
  const { note, checkpoint } = await readFromNodes(context, async reader => {
    const note = await reader.checkpoint();
    return { note, checkpoint: (await certified(note, reader.url, chain, reader, context)).checkpoint };
  });
  await write(to, note, context);
  const { size, height } = checkpoint;
  if (json) out.json({ checkpoint: to, origin: chain.origin, size, height });
  else {
    out.heading(true, to, words.written);
    out.rows([
      [words.records, String(size)],
      [words.height, String(height)],
    ]);
  }
  return EXIT.done;
}

/** Writes a receipt of the same record at another checkpoint: the path there is made from the node's tiles, and verified. */
export async function anchoredReceipt(
  file: string,
  flags: {
    readonly checkpoint: string;
    readonly receipt?: string;
    readonly out?: string;
    readonly genesis?: string;
  },
  context: Context,
): Promise<ExitCode> {
  const { io, out, json, lang } = context;
  const words = anchorMessages(lang);
  const { receipt = file + RECEIPT_SUFFIX, out: to = file + ANCHORED + RECEIPT_SUFFIX } = flags;
  const chain = await requireChain(flags.genesis, context);
  const bytes = await readSmall(resolve(io.cwd, receipt), receipt, MAX_PROOF_BYTES, context);
  const note = await readSmall(resolve(io.cwd, flags.checkpoint), flags.checkpoint, MAX_PROOF_BYTES, context);
  const trust = { chain, suite: nativeSuite, digests: null };
  sound(verifyReceipt(bytes, trust), receipt, context);
  const parsed = sound(parseReceipt(bytes), receipt, context);
  const { index, extra } = parsed;
  const tree = logHash(nativeSuite.hasher);
  const { made, size } = await readFromNodes(context, async reader => {
    const { checkpoint, handovers } = await certified(note, flags.checkpoint, chain, reader, context);
    const { size } = checkpoint;
    if (index >= size) throw usageFault('bad-checkpoint', words.tooEarly(index, size), words.tooEarlyNext);
    const path = await inclusionOf(reader, index, size, tree);
    const made = formatReceipt({ index, note, path: [...path], extra: { ...extra, handovers } });
    sound(verifyReceipt(made, trust), reader.url, context);
    return { made, size };
  });
  await write(to, made, context);
  if (json) out.json({ file, receipt: to, index, size });
  else out.heading(true, to, words.madeAt(size));
  return EXIT.done;
}

/** A checkpoint that a quorum of the ledger signed, with the handovers to its epoch. */
async function certified(
  note: Uint8Array,
  shown: string,
  chain: Chain,
  reader: NodeReader,
  context: Context,
): Promise<Certified & { readonly handovers: readonly Handover[] | null }> {
  const words = anchorMessages(context.lang);
  const bad = (fault: Fault) =>
    new CliError(EXIT.refuted, 'bad-checkpoint', {
      what: words.badCheckpoint(shown),
      why: faultText(fault, context.lang),
      next: words.badCheckpointNext,
    });
  const text = parseNote(note);
  const read = text.ok ? parseCheckpoint(text.value.text) : text;
  if (!read.ok) throw bad(read.fault);
  const { epoch } = read.value;
  const handovers = epoch === 0 ? null : (await reader.handovers(chain)).slice(0, epoch);
  const certificate = certificateIn(note, handovers);
  const verdict = certificate.ok
    ? verifyCertificate(certificate.value, { chain, suite: nativeSuite })
    : certificate;
  if (!verdict.ok) throw bad(verdict.fault);
  return { ...verdict.value, handovers };
}

function sound<T>(verdict: Result<T>, shown: string, { lang }: Context): T {
  if (verdict.ok) return verdict.value;
  const { code, detail } = verdict.fault;
  const { next } = explainFault(code, lang);
  throw new CliError(EXIT.refuted, code, {
    what: anchorMessages(lang).badReceipt(shown),
    why: faultText({ code, detail }, lang),
    next,
  });
}

async function write(to: string, bytes: Uint8Array, context: Context): Promise<void> {
  await writeWhole(resolve(context.io.cwd, to), bytes).catch((error: unknown) => {
    throw fileError(error, to, context);
  });
}
