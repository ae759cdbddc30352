import type { Chain, Disclosed, Fault, Inspection, Receipt, Result } from '@qifeng/core';
import { disclosedJson } from '../../disclosed.ts';
import type { WrittenQr } from './qr.ts';

/** What `toJsonInfo` is made from; `receipt` and `inspection` are null for a receipt that cannot be read. */
export interface InfoReport {
  readonly file: string;
  readonly verified: boolean | null;
  readonly fault: Fault | null;
  readonly receipt: Receipt | null;
  readonly inspection: Inspection | null;
  /** Of a sealed record whose receipt verifies. */
  readonly disclosed: Disclosed | null;
  readonly chain: Chain | null;
  readonly qr: WrittenQr | null;
}

/** A receipt's content for programs. Every key is always there; `verified` and `faults` are null without a genesis. */
export function toJsonInfo({ file, verified, fault, receipt, inspection, disclosed, chain, qr }: InfoReport) {
  return {
    receipt: file,
    verified,
    code: fault?.code ?? null,
    detail: fault?.detail ?? null,
    chain: chain && { name: chain.genesis.name, origin: chain.origin, genesis: chain.hash },
    index: receipt?.index ?? null,
    path: receipt?.path ?? null,
    leaf: inspection && leafOf(inspection),
    disclosed: disclosedJson(disclosed),
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
