import { basename, resolve } from 'node:path';
import {
  type Asked,
  CliError,
  EXIT,
  type ExitCode,
  type Fault,
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
import { faultText } from '../../fault-text.ts';
import { explainFault } from '../../faults.ts';
import { fileError, readSmall } from '../../files.ts';
import { heldReceipt } from '../../held-receipt.ts';
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
  /** A file with the proof; then no node is asked. */
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
  const receipt = await heldReceipt(request.x, chain, context);
  if (receipt?.ok === false) throw refuted(receipt.fault, context);
  const held = receipt === null ? null : receipt.value;
  const typed = held === null ? await readX(request.x, context) : subjectOf(held, request.x);
  if (request.inForce && typed.asked.kind === 'publisher') {
    const words = statusMessages(context.lang);
    throw usageFault('not-a-document', words.notADocument, words.notADocumentNext);
  }
  const client = request.statusProof === undefined ? await requireNodes(context) : null;
  if (typed.asked.kind === 'subject') await names.learn({ profiles: [typed.asked.profile] }, client);
  const prover = new Prover(chain, request.maxAgeMs);
  const ask =
    client === null
      ? offline(await readProof(request.statusProof!, context), held, prover)
      : online({ client, chain, prover, held, context });
  const sought = await onLedger(typed, names, context);
  const { named, answer } = await asRecorded(sought, ask.status, ask.isRecorded, context);
  if (!answer.ok) throw refuted(answer.fault, context);
  await names.learn({ profiles: profilesOf(answer.value) }, client);
  const saved = request.save ? await save(named, answer.value, context) : [];
  const shown = { named, held, answer: answer.value, saved, isNode: request.statusProof === undefined };
  const judged = request.inForce ? inForce(shown, names) : null;
  const flaw = judged?.ok === false ? judged.fault : null;
  if (context.json)
    context.out.json({
      ...toJsonStatus(shown, names),
      code: flaw?.code ?? null,
      detail: flaw?.detail ?? null,
    });
  else printStatus(shown, names, context);
  if (flaw !== null && !context.json) throw refuted(flaw, context);
  return flaw === null ? EXIT.done : EXIT.refuted;
}

/** The subject of a record in hand. */
function subjectOf({ leaf }: VerifiedReceipt, file: string): NamedX {
  const { profile, subject } = leaf.entry.value;
  return { asked: { kind: 'subject', profile, subject }, file };
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

function readProof(path: string, context: Context): Promise<Uint8Array> {
  return readSmall(resolve(context.io.cwd, path), path, MAX_STATUS_BYTES, context);
}

function refuted({ code, detail }: Fault, { lang }: Context): CliError {
  const { says, next } = explainFault(code, lang);
  return new CliError(EXIT.refuted, code, { what: says, why: faultText({ code, detail }, lang), next });
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
