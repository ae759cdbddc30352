import { type Accusation, type Chain, type Proven, parseCheckpoint } from '@qifeng/core';
import type { FoundConflict } from '../../../audit/compare.ts';
import { type AuditReport, isClean, type NodeReport } from '../../../audit/monitor.ts';
import type { RecordedAccusation } from '../../../audit/state-replay.ts';

/** An audit for programs. Every key is always there, null where it does not apply; bytes become hex, times are in ms. */
export function toJsonReport(report: AuditReport, chain: Chain, evidence: string | null) {
  const { nodes, conflicts, accusations } = report;
  return {
    verified: nodes.every(node => isClean(node, report)) && conflicts.length === 0,
    chain: { name: chain.genesis.name, origin: chain.origin, genesis: chain.hash },
    nodes: nodes.map(node => nodeJson(node, isClean(node, report))),
    conflicts: conflicts.map(conflict => conflictJson(conflict, chain)),
    evidence,
    accusations: accusations.map(one => accusationJson(one, chain)),
  };
}

function nodeJson({ node, head, rebuilt, findings, error }: NodeReport, verified: boolean) {
  return {
    node,
    verified,
    checkpoint: head?.checkpoint ?? null,
    stateRebuilt: rebuilt,
    cosigners: head?.signers.map(({ code, time }) => ({ code, time: time * 1000 })) ?? null,
    findings,
    error: error && { code: error.reason ?? error.code, detail: error.message },
  };
}

function accusationJson({ record, accusation }: RecordedAccusation, chain: Chain) {
  const { code, epoch } = accusation;
  return { record, code, ...namesOf(code, chain), epoch, ...slotOf(accusation) };
}

/** What the two statements of an accusation are both about; the view is null for checkpoints. */
export function slotOf({ votes, checkpoints }: Accusation): {
  readonly kind: 'prepare' | 'commit' | 'checkpoint';
  readonly view: number | null;
  readonly height: number | null;
} {
  if (votes !== null) return { kind: votes.kind, view: votes.view, height: votes.height };
  const checkpoint = parseCheckpoint(checkpoints?.[0].text ?? '');
  return { kind: 'checkpoint', view: null, height: checkpoint.ok ? checkpoint.value.height : null };
}

function namesOf(code: string, { genesis }: Chain) {
  const member = genesis.members.find(({ code: known }) => known === code);
  return { nameZh: member?.nameZh ?? null, nameEn: member?.nameEn ?? null };
}

function conflictJson({ between, outcome }: FoundConflict, chain: Chain) {
  const proven = outcome.evidence === null ? null : outcome.proven;
  const sides = between.map(({ node, from, head }) => ({ node, from, checkpoint: head.checkpoint }));
  return {
    between: sides,
    ...(proven === null
      ? { kind: null, heights: null, atLeast: null, culprits: null }
      : provenJson(proven, chain)),
    fault: outcome.evidence === null ? outcome.fault : null,
  };
}

/** What evidence proves, for programs. */
export function provenJson({ kind, heights, atLeast, culprits }: Proven, chain: Chain) {
  return {
    kind,
    heights,
    atLeast,
    culprits: culprits.map(({ code, key, statements }) => ({
      code,
      ...namesOf(code, chain),
      key,
      statements,
    })),
  };
}
