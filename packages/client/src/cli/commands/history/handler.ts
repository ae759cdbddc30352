import { type Asked, askedText, CliError, EXIT, type ExitCode, receiptVerifier } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { wantedOf } from '../../../register/register.ts';
import { asRecorded, readX } from '../../asked.ts';
import type { Context } from '../../context.ts';
import { faultText } from '../../fault-text.ts';
import { refuted } from '../../faults.ts';
import { receiptBeside, subjectHeld } from '../../held-receipt.ts';
import { linkTitles } from '../../linked.ts';
import { nodeComplaint, requireNodes } from '../../nodes.ts';
import { Progress } from '../../progress.ts';
import { Prover } from '../../prover.ts';
import { onLedger } from '../../sealing.ts';
import { findChain, registerOf } from '../../trust.ts';
import { historyMessages } from './messages.ts';
import { printAbsent, printHistory, toJsonHistory } from './print.ts';
import { isFaulty, type Sources, type Trail, trailOf } from './provenance.ts';
import { type History, type SubjectTrail, subjectsOf, subjectTrail } from './subjects.ts';

/** What `history` was asked to do. `maxAgeMs` bounds the age of the proof that says how many records there are. */
export interface HistoryRequest {
  readonly x: string;
  readonly genesis: string | undefined;
  readonly maxAgeMs: number;
}

/** Shows the provenance of a file, digest, subject or publisher; 1 if the node's records contradict the proofs. */
export async function history({ x, genesis, maxAgeMs }: HistoryRequest, context: Context): Promise<ExitCode> {
  const chain = await findChain(genesis, context);
  const names = chain && registerOf(chain, context);
  const typed = await readX(x, context);
  const client = await requireNodes(context);
  if (typed.asked.kind === 'subject') await names?.learn({ profiles: [typed.asked.profile] }, client);
  const trust = chain === null ? null : { chain, prover: new Prover(chain, maxAgeMs) };
  const sources = { client, trust, context, progress: new Progress(context) };
  const sought = await onLedger(typed, names, context);
  const ask = (asked: Asked) => gather(asked, sources);
  const byName = async () => {
    const { named, answer } = await asRecorded(sought, ask, isRecorded, context);
    if (isRecorded(answer) || named.file === null || trust === null) return { named, found: answer };
    const beside = await receiptBeside(named.file, trust.chain, context);
    if (beside?.ok !== true) return { named, found: answer, failed: beside?.fault };
    const held = subjectHeld(beside.value, named.file);
    // What the node proves must count the record in hand.
    const { bytes } = await trust.prover.ask(held.asked, client, context);
    const judged = trust.prover.judgeFor(beside.value, bytes);
    if (!judged.ok) throw refuted(judged.fault, context.lang);
    return { named: held, found: await ask(held.asked) };
  };
  const {
    named,
    found,
    failed = null,
  } = await byName().catch((error: unknown) => {
    throw nodeComplaint(error, context);
  });
  const { trail, subjects } = found;
  if (trail.fault !== null && trail.records.length === 0) throw leftOut(x, trail, context);
  const leaves = [trail, ...subjects].flatMap(({ records }) => records.map(({ record }) => record.leaf));
  await names?.learn(wantedOf(leaves), client);
  if (context.json) context.out.json(toJsonHistory(found, names));
  else if (trail.records.length === 0 && !isEnrolled(trail)) printAbsent(named, trail, failed, context);
  else {
    const verifies = chain && receiptVerifier({ chain, suite: nativeSuite });
    printHistory(found, await linkTitles(leaves, verifies, client), names, context);
  }
  return isFaulty(trail) || subjects.some(isFaulty) ? EXIT.refuted : EXIT.done;
}

/** By the proof, or by the node's word where it gives none. */
function isRecorded({ trail: { status, records } }: History): boolean {
  return status === null ? records.length > 0 : status.value !== null;
}

async function gather(asked: Asked, sources: Sources): Promise<History> {
  if (asked.kind === 'subject') {
    const trail = await subjectTrail(asked, sources);
    return { trail, subjects: [trail] };
  }
  const trail = await trailOf(asked, sources);
  const subjects: SubjectTrail[] = [];
  if (asked.kind === 'digest')
    for (const subject of subjectsOf(trail)) subjects.push(await subjectTrail(subject, sources));
  return { trail, subjects };
}

/** A publisher may have no records yet. */
function isEnrolled({ asked, status }: Trail): boolean {
  return asked.kind === 'publisher' && status !== null && status.value !== null;
}

function leftOut(x: string, { asked, fault }: Trail, { lang }: Context): CliError {
  const words = historyMessages(lang);
  const what = words.leftOut(x === askedText(asked) ? x : `${x} (${askedText(asked)})`);
  return new CliError(EXIT.refuted, fault!.code, {
    what,
    why: faultText(fault!, lang),
    next: words.leftOutNext,
  });
}
