import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CliError, type Digest, EXIT, type ExitCode, fromHex, toHex } from '@qifeng/core';
import { digestFile } from '../../../files/digest.ts';
import type { Context } from '../../context.ts';
import { fileError, requireFile } from '../../files.ts';
import { nodeComplaint, requireNodes } from '../../nodes.ts';
import { type NamedSubject, parseSubject } from '../../subject-path.ts';
import { findChain } from '../../trust.ts';
import { historyMessages } from './messages.ts';
import { printProvenance, toJsonProvenance } from './print.ts';
import { type Provenance, provenanceOf } from './provenance.ts';

/** Shows the provenance of a file, digest or subject; 1 if the node's records contradict the proofs, 2 if it knows none. */
export async function history(x: string, genesis: string | undefined, context: Context): Promise<ExitCode> {
  const words = historyMessages(context.lang);
  const chain = await findChain(genesis, context);
  const asked = await meaning(x, context);
  const client = await requireNodes(context);
  const found: Provenance[] = [];
  try {
    const subjects = 'alg' in asked ? subjectsOf(await client.documents(asked)) : [asked];
    for (const subject of subjects) {
      const provenance = await provenanceOf(subject, chain, client);
      if (provenance !== null) found.push(provenance);
    }
  } catch (error) {
    throw nodeComplaint(error, context);
  }
  if (found.length === 0) {
    const complaint = { what: words.neverRecorded(x), why: null, next: words.badXNext };
    throw new CliError(EXIT.usage, 'never-recorded', complaint);
  }
  if (context.json) {
    const of = 'alg' in asked ? `${asked.alg}:${toHex(asked.hash)}` : null;
    context.out.json({ digest: of, subjects: found.map(toJsonProvenance), verified: chain !== null });
  } else for (const provenance of found) printProvenance(provenance, chain, context);
  const faulty = found.some(({ records }) => records.some(({ fault }) => fault !== null));
  return faulty ? EXIT.refuted : EXIT.done;
}

/** A digest, also of a file that is there, or a subject. */
async function meaning(x: string, context: Context): Promise<Digest | NamedSubject> {
  const [, alg, hex = ''] = /^(sha256|sm3):([0-9a-f]{64})$/.exec(x) ?? [];
  const hash = fromHex(hex);
  if (alg !== undefined && hash.ok) return { alg: alg as Digest['alg'], hash: hash.value };
  const path = resolve(context.io.cwd, x);
  const named = parseSubject(x);
  if (named !== null && !existsSync(path)) return named;
  if (!existsSync(path)) {
    const words = historyMessages(context.lang);
    throw new CliError(EXIT.usage, 'bad-subject', { what: words.badX(x), why: null, next: words.badXNext });
  }
  await requireFile(path, x, context);
  return digestFile(path, 'sha256', context.signal).catch((error: unknown) => {
    throw fileError(error, x, context);
  });
}

/** The subjects that a document's records are about, each once, in order of the log. */
function subjectsOf(
  answer: Awaited<ReturnType<Awaited<ReturnType<typeof requireNodes>>['documents']>>,
): readonly NamedSubject[] {
  const subjects = new Map<string, NamedSubject>();
  for (const { leaf } of answer?.records ?? []) {
    const { profile, subject } = leaf.entry.value;
    subjects.set(`${profile}/${subject.issuer}/${subject.id}`, { profile, subject });
  }
  return [...subjects.values()];
}
