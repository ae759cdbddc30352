import type { Fault, Inspection, Receipt, Result, VerifiedReceipt } from '@qifeng/core';
import type { Names } from '../../../register/register.ts';
import { disclosedJson } from '../../disclosed.ts';
import type { WrittenQr } from './qr.ts';

/** What `toJsonInfo` is made from; `receipt` and `inspection` are null for a receipt that cannot be read. */
export interface InfoReport {
  readonly file: string;
  /** By the genesis; null without one. */
  readonly verdict: Result<VerifiedReceipt> | null;
  readonly fault: Fault | null;
  readonly receipt: Receipt | null;
  readonly inspection: Inspection | null;
  readonly names: Names | null;
  readonly qr: WrittenQr | null;
}

/** A receipt's content for programs. Every key is always there; `verified` and `faults` are null without a genesis. */
export function toJsonInfo({ file, verdict, fault, receipt, inspection, names, qr }: InfoReport) {
  const chain = names?.chain ?? null;
  return {
    receipt: file,
    verified: verdict === null ? null : verdict.ok,
    code: fault?.code ?? null,
    detail: fault?.detail ?? null,
    chain: chain && { name: chain.genesis.name, origin: chain.origin, genesis: chain.hash },
    index: receipt?.index ?? null,
    path: receipt?.path ?? null,
    leaf: inspection && leafOf(inspection),
    disclosed: verdict?.ok ? disclosedJson(verdict.value, names) : null,
    header: inspection && accepted(inspection.header),
    signature: receipt?.extra.signature ?? null,
    entryPath: receipt?.extra.path ?? null,
    checkpoint: inspection && accepted(inspection.checkpoint),
    signatures: inspection?.lines ?? null,
    faults: inspection?.faults ?? null,
    qr,
  };
}

function leafOf({ leaf }: Inspection) {
  return leaf.ok ? { ...leaf.value, entry: leaf.value.entry.value } : null;
}

function accepted<T>(result: Result<T>): T | null {
  return result.ok ? result.value : null;
}
