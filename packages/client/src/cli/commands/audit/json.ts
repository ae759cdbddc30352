import type { Chain, Proven } from '@qifeng/core';
import type { FoundConflict } from '../../../audit/compare.ts';
import { type AuditReport, isClean, type NodeReport } from '../../../audit/monitor.ts';

/** What an audit does not look at. */
export const NOT_CHECKED = ['state-root'];

/** An audit for programs. Every key is always there, null where it does not apply; bytes become hex, times are in ms. */
export function toJsonReport(report: AuditReport, chain: Chain, evidence: string | null) {
  const { nodes, conflicts } = report;
  return {
    verified: nodes.every(node => isClean(node, report)) && conflicts.length === 0,
    chain: { name: chain.genesis.name, origin: chain.origin, genesis: chain.hash },
    nodes: nodes.map(node => nodeJson(node, isClean(node, report))),
    conflicts: conflicts.map(conflict => conflictJson(conflict, chain)),
    evidence,
    notChecked: NOT_CHECKED,
  };
}

function nodeJson({ node, head, findings, error }: NodeReport, verified: boolean) {
  return {
    node,
    verified,
    checkpoint: head?.checkpoint ?? null,
    cosigners: head?.signers.map(({ code, time }) => ({ code, time: time * 1000 })) ?? null,
    findings,
    error: error && { code: error.reason ?? error.code, detail: error.message },
  };
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
export function provenJson({ kind, heights, atLeast, culprits }: Proven, { genesis }: Chain) {
  return {
    kind,
    heights,
    atLeast,
    culprits: culprits.map(({ code, key, statements }) => {
      const member = genesis.members.find(({ code: known }) => known === code);
      return { code, nameZh: member?.nameZh ?? null, nameEn: member?.nameEn ?? null, key, statements };
    }),
  };
}
