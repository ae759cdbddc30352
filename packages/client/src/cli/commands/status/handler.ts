import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import {
  type Asked,
  askedIn,
  type Chain,
  EXIT,
  type ExitCode,
  type Fault,
  isStatus,
  MAX_STATUS_BYTES,
  type Result,
  STATUS_SUFFIX,
  toHex,
  usageFault,
  type VerifiedReceipt,
} from '@qifeng/core';
import { writeWhole } from '../../../files/write.ts';
import { asRecorded, type NamedX, readX } from '../../asked.ts';
import type { Context } from '../../context.ts';
import { refuted } from '../../faults.ts';
import { fileError, readSmall } from '../../files.ts';
import { heldReceipt, receiptBeside, subjectHeld } from '../../held-receipt.ts';
import { nodeComplaint, requireNodes } from '../../nodes.ts';
import { Prover } from '../../prover.ts';
import { onLedger } from '../../sealing.ts';
import { registerOf, requireChain } from '../../trust.ts';
import { askStatus, readStatus, type StatusAnswer } from './answer.ts';
import { statusMessages } from './messages.ts';
import { inForce, printStatus, toJsonStatus } from './print.ts';

/** What `status` was asked to do. `maxAgeMs` bounds the age of the proof. */
export interface StatusRequest {
  readonly x: string;
  readonly genesis: string | undefined;
  /** A file with the proof, where X is no proof itself; then no node is asked. */
  readonly statusProof: string | undefined;
  readonly maxAgeMs: number;
  /** Whether what is not in force is false. */
  readonly inForce: boolean;
  readonly save: boolean;
}

/** Says where a file, a record by its receipt, a digest, subject or publisher stands, proven; 1 where the proof does not hold, or does not say what was required, else 0. */
export async function status(request: StatusRequest, context: Context): Promise<ExitCode> {
  const chain = await requireChain(request.genesis, context);
  const names = registerOf(chain, context);
  const path = request.statusProof ?? (isProofFile(request.x, context) ? request.x : undefined);
  const proof = path === undefined ? null : await readProof(path, context);
  const receipt = await heldReceipt(request.x, chain, context);
  if (receipt?.ok === false) throw refuted(receipt.fault, context.lang);
  const named = receipt === null ? null : receipt.value;
  const typed =
    named !== null
      ? subjectHeld(named, request.x)
      : path === request.x && proof !== null
        ? aboutItself(proof, context)
        : await readX(request.x, context);
  if (request.inForce && typed.asked.kind === 'publisher') {
    const words = statusMessages(context.lang);
    throw usageFault('not-a-document', words.notADocument, words.notADocumentNext);
  }
  const client = proof === null ? await requireNodes(context) : null;
  if (typed.asked.kind === 'subject') await names.learn({ profiles: [typed.asked.profile] }, client);
  const prover = new Prover(chain, request.maxAgeMs);
  const ask = async (about: NamedX, held: VerifiedReceipt | null): Promise<Found> => {
    const { status, isRecorded } =
      client === null ? offline(proof!, held, prover) : online({ client, chain, prover, held, context });
    return { ...(await asRecorded(about, status, isRecorded, context)), held };
  };
  const byName = await ask(await onLedger(typed, names, context), named);
  const { found, failed } = await byReceipt(byName, ask, chain, context);
  const { answer, held } = found;
  if (!answer.ok) throw refuted(answer.fault, context.lang);
  await names.learn({ profiles: profilesOf(answer.value) }, client);
  const saved = request.save ? await save(found.named, answer.value, context) : [];
  const isNode = client !== null;
  const shown = { named: found.named, held, failed, answer: answer.value, saved, isNode };
  const judged = request.inForce ? inForce(shown, names) : null;
  const flaw = judged?.ok === false ? judged.fault : null;
  if (context.json)
    context.out.json({
      ...toJsonStatus(shown, names),
      code: flaw?.code ?? null,
      detail: flaw?.detail ?? null,
    });
  else printStatus(shown, names, context);
  if (flaw !== null && !context.json) throw refuted(flaw, context.lang);
  return flaw === null ? EXIT.done : EXIT.refuted;
}

/** What was asked about, by the record in hand if there is one, and the answer. */
interface Found {
  readonly named: NamedX;
  readonly held: VerifiedReceipt | null;
  readonly answer: Result<StatusAnswer>;
}

/**
 * What was found, and where a file's digest leads to nothing, by the receipt beside the file; `failed` is why that does not
 * verify, null where nothing is wrong with it or it was not needed.
 */
async function byReceipt(
  found: Found,
  ask: (about: NamedX, held: VerifiedReceipt) => Promise<Found>,
  chain: Chain,
  context: Context,
): Promise<{ readonly found: Found; readonly failed: Fault | null }> {
  const { named, held, answer } = found;
  const leadsOn = answer.ok ? !isAbsent(answer.value) : answer.fault.code !== 'other-text';
  if (named.file === null || held !== null || leadsOn) return { found, failed: null };
  const beside = await receiptBeside(named.file, chain, context);
  if (beside?.ok !== true) return { found, failed: beside?.fault ?? null };
  const again = await ask(subjectHeld(beside.value, named.file), beside.value);
  // A proof about another subject than the receipt says no more than without the receipt.
  const isOther = !again.answer.ok && again.answer.fault.code === 'status-other-name';
  return { found: isOther ? found : again, failed: null };
}

function isAbsent({ main: { status } }: StatusAnswer): boolean {
  return isStatus(status, 'digest') && status.value === null;
}

/** Where what is asked about stands, and whether an answer says that anything of it is recorded. */
interface Ask {
  readonly status: (asked: Asked) => Promise<Result<StatusAnswer>>;
  readonly isRecorded: (answer: Result<StatusAnswer>) => boolean;
}

function online(sources: Parameters<typeof askStatus>[1]): Ask {
  return {
    status: asked =>
      askStatus(asked, sources).catch((error: unknown) => {
        throw nodeComplaint(error, sources.context);
      }),
    // Only of what is recorded an answer is refused for its records.
    isRecorded: answer => !answer.ok || answer.value.main.status.value !== null,
  };
}

/** By a proof in a file: what it is about is what it may be asked about. */
function offline(bytes: Uint8Array, held: VerifiedReceipt | null, prover: Prover): Ask {
  const status = async (asked: Asked) => readStatus(bytes, asked, held, prover);
  return { status, isRecorded: ({ ok }) => ok };
}

function profilesOf({ main, subjects }: StatusAnswer): readonly string[] {
  return [main, ...subjects].flatMap(({ status: { asked } }) =>
    asked.kind === 'subject' ? [asked.profile] : [],
  );
}

/** Whether what was named is a status proof itself, by its name. */
function isProofFile(x: string, { io }: Context): boolean {
  return x.endsWith(STATUS_SUFFIX) && existsSync(resolve(io.cwd, x));
}

/** What a proof says it is about. */
function aboutItself(proof: Uint8Array, { lang }: Context): NamedX {
  const asked = askedIn(proof);
  if (!asked.ok) throw refuted(asked.fault, lang);
  return { asked: asked.value, file: null };
}

function readProof(path: string, context: Context): Promise<Uint8Array> {
  return readSmall(resolve(context.io.cwd, path), path, MAX_STATUS_BYTES, context);
}

/**
 * Writes the proofs: `<name>.status-proof`, further subjects with a number; of a digest that has subjects also how often it was
 * recorded, `<name>.digest.status-proof`.
 */
async function save(named: NamedX, { main, subjects }: StatusAnswer, context: Context): Promise<string[]> {
  const stem = named.file ?? nameOf(named);
  const [first = main, ...further] = subjects;
  const proofs = [
    [stem, first] as const,
    ...further.map((proof, i) => [`${stem}.${i + 2}`, proof] as const),
    ...(first === main ? [] : [[`${stem}.digest`, main] as const]),
  ];
  const written: string[] = [];
  for (const [of, { bytes }] of proofs) {
    const name = of + STATUS_SUFFIX;
    try {
      await writeWhole(resolve(context.io.cwd, name), bytes);
    } catch (error) {
      throw fileError(error, name, context);
    }
    written.push(name);
  }
  return written;
}

/** A file's name for what is no file: nothing in it leaves the folder. */
function nameOf({ asked }: NamedX): string {
  if (asked.kind === 'digest') return toHex(asked.hash);
  if (asked.kind === 'publisher') return asked.id;
  const name = basename(asked.subject.id.replace(/[\p{Cc}/\\:*?"<>|]/gu, '_'));
  return name.startsWith('.') ? `_${name}` : name;
}
