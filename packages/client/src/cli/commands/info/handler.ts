import { resolve } from 'node:path';
import {
  EXIT,
  type ExitCode,
  type Fault,
  type Inspection,
  inspectReceipt,
  MAX_PROOF_BYTES,
  parseReceipt,
  type Result,
  STATUS_SUFFIX,
  shellMessages,
  verifyReceipt,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { wantedOf } from '../../../register/register.ts';
import type { Context } from '../../context.ts';
import { faultText } from '../../fault-text.ts';
import { explainFault } from '../../faults.ts';
import { readSmall } from '../../files.ts';
import { findChain, registerOf } from '../../trust.ts';
import { status } from '../status/handler.ts';
import { toJsonInfo } from './json.ts';
import { infoMessages } from './messages.ts';
import { printInfo } from './print.ts';
import { writeQr } from './qr.ts';

/** What `info` was asked about. */
export interface InfoRequest {
  readonly receipt: string;
  readonly genesis: string | undefined;
  /** Where to write the QR code of a receipt that has no fault. */
  readonly qr: string | undefined;
}

/** Shows what a receipt says; 1 if it is malformed or, where a genesis is known, does not verify. */
export async function info(request: InfoRequest, context: Context): Promise<ExitCode> {
  const { io, out } = context;
  if (request.receipt.endsWith(STATUS_SUFFIX) && request.qr === undefined)
    return infoOfStanding(request, context);
  const chain = await findChain(request.genesis, context);
  const bytes = await readSmall(resolve(io.cwd, request.receipt), request.receipt, MAX_PROOF_BYTES, context);
  const trust = chain && { chain, suite: nativeSuite };
  const parsed = parseReceipt(bytes);
  const verdict = trust && verifyReceipt(bytes, { ...trust, digests: null });
  const inspection = parsed.ok ? inspectReceipt(parsed.value, trust) : null;
  const fault = faultOf(parsed) ?? faultOf(verdict) ?? unreadablePart(inspection);
  const names = chain && registerOf(chain, context);
  const leaf = inspection?.leaf.ok ? inspection.leaf.value : null;
  if (leaf !== null) await names?.learn(wantedOf([leaf]), null);
  const drawn = request.qr !== undefined && parsed.ok && fault === null;
  const qr = drawn ? await writeQr(bytes, parsed.value.index, request.qr, context) : null;
  if (context.json) {
    const receipt = parsed.ok ? parsed.value : null;
    out.json(toJsonInfo({ file: request.receipt, verdict, fault, receipt, inspection, names, qr }));
  } else {
    heading(request.receipt, fault, chain?.genesis.name ?? null, context);
    if (parsed.ok && inspection !== null) {
      const verified = verdict?.ok ? verdict.value : null;
      printInfo(parsed.value, inspection, verified, names, context);
    }
    const words = infoMessages(context.lang);
    if (qr !== null) out.rows([[words.qrCode, `${qr.file}: ${words.qrHolds[qr.holds](qr.bytes)}`]]);
  }
  return fault === null ? EXIT.done : EXIT.refuted;
}

/** A status proof tells where something stands, however long ago. */
function infoOfStanding({ receipt, genesis }: InfoRequest, context: Context): Promise<ExitCode> {
  const asked = { x: receipt, genesis, statusProof: receipt, maxAgeMs: Number.POSITIVE_INFINITY };
  return status({ ...asked, inForce: false, save: false }, context);
}

/** The fault of a part that does not decode: a malformed receipt even where there is no genesis to judge by. */
function unreadablePart(inspection: Inspection | null): Fault | null {
  if (inspection === null) return null;
  const { leaf, header, note, checkpoint } = inspection;
  return faultOf(leaf) ?? faultOf(header) ?? faultOf(note) ?? faultOf(checkpoint);
}

function faultOf(result: Result<unknown> | null): Fault | null {
  return result === null || result.ok ? null : result.fault;
}

function heading(file: string, fault: Fault | null, chain: string | null, { out, lang }: Context): void {
  const words = infoMessages(lang);
  if (fault === null) {
    const remark = chain === null ? words.unverified : words.verified(chain);
    out.heading(chain === null ? null : true, file, remark);
    return;
  }
  const { says, next } = explainFault(fault.code, lang);
  out.heading(false, file, words.refuted(fault.code));
  out.sentence(says);
  out.rows([
    [words.fault, faultText(fault, lang)],
    [shellMessages(lang).next, next],
  ]);
}
