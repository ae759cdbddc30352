import { type Certificate, type Certified, type HandoverTrust, verifyCertificate } from '@qifeng/core';
import { NodeError } from '../sdk/node-error.ts';
import { type FoundConflict, findConflicts } from './compare.ts';
import { type Finding, Findings } from './fault.ts';
import { readHead } from './heads.ts';
import { NodeReader } from './node-reader.ts';
import { type Ledger, noting, readLedger, type Way, wayTo } from './source.ts';
import type { RecordedAccusation } from './state-replay.ts';

/** What an audit was asked for, and whom it tells how far it is. */
export interface AuditPlan {
  /** Addresses, each asked for itself. */
  readonly nodes: readonly string[];
  readonly trust: HandoverTrust;
  /** What each node showed when it was audited last. */
  readonly remembered: ReadonlyMap<string, Certificate>;
  readonly signal: AbortSignal;
  /** So many records are to be read. */
  readonly onStart: (records: number) => void;
  readonly onRecords: (count: number) => void;
}

/** What an audit says of one node. */
export interface NodeReport {
  readonly node: string;
  /** Its checkpoint, if it was verified. */
  readonly head: Certified | null;
  /** The state root of its checkpoint came of executing a whole log that leads to it. */
  readonly rebuilt: boolean;
  readonly findings: readonly Finding[];
  /** Why it could not be read to the end, null if it was. */
  readonly error: NodeError | null;
}

/** What an audit found. */
export interface AuditReport {
  readonly nodes: readonly NodeReport[];
  readonly conflicts: readonly FoundConflict[];
  /** Those on record in the logs that were executed, each once, in the order of the log. */
  readonly accusations: readonly RecordedAccusation[];
}

interface Node {
  readonly reader: NodeReader;
  readonly findings: Findings;
  way: Way | null;
  error: NodeError | null;
}

/**
 * Reads the whole ledger of each node and compares them with one another and with what they showed before. Only what the
 * caller's signal does rejects; nodes that cannot be read are reported.
 */
export async function audit(plan: AuditPlan): Promise<AuditReport> {
  const { trust, signal } = plan;
  const nodes = plan.nodes.map((url): Node => {
    return { reader: new NodeReader(url, signal), findings: new Findings(), way: null, error: null };
  });
  const before = rememberedWays(plan);
  await Promise.all(nodes.map(node => trying(node, async () => showHead(node, before, trust))));
  const shown = nodes.flatMap(({ way }) => way ?? []);
  const ways = [...shown, ...before];
  plan.onStart(shown.reduce((sum, { head }) => sum + head.checkpoint.size, 0));
  const ledgers = new Map<Way, Ledger>();
  const rebuilt = new Set<string>();
  const accusations = new Map<string, RecordedAccusation>();
  // The highest first: what is executed for it holds for those below on the same way.
  const byHeight = nodes
    .filter(({ way }) => way !== null)
    .sort((a, b) => b.way!.head.checkpoint.height - a.way!.head.checkpoint.height);
  for (const node of byHeight)
    await trying(node, async () => {
      const way = node.way!;
      const context = { ways, rebuilt, fromHeight: startOf(way, ways, before) };
      const reading = await readLedger(node.reader, way, context, trust, plan.onRecords);
      node.findings.addAll(reading.findings);
      if (reading.ledger !== null) ledgers.set(way, reading.ledger);
      for (const one of reading.accusations) accusations.set(nameOf(one), one);
    });
  const conflicts = await findConflicts(ways, ledgers, trust);
  const accused = [...accusations.values()].sort((a, b) => a.record - b.record);
  return { nodes: nodes.map(node => reportOf(node, rebuilt)), conflicts, accusations: accused };
}

function nameOf({ record, accusation: { code, epoch } }: RecordedAccusation): string {
  return `${record} ${code} ${epoch}`;
}

/** Whether a node's ledger was read to its end and nothing is wrong with it, nor with its standing among the others. */
export function isClean({ node, head, findings, error }: NodeReport, { conflicts }: AuditReport): boolean {
  if (head === null || error !== null || findings.length > 0) return false;
  return !conflicts.some(({ between }) => between.some(way => way.node === node));
}

async function showHead(node: Node, before: readonly Way[], trust: HandoverTrust): Promise<void> {
  const { url } = node.reader;
  const way = wayTo(url, 'shown', await readHead(node.reader, trust, node.findings), trust);
  node.way = way;
  const last = before.find(remembered => remembered.node === url)?.head.checkpoint;
  const { height, size } = way.head.checkpoint;
  if (last !== undefined && (height < last.height || size < last.size))
    node.findings.add({
      code: 'rollback',
      detail: `it shows block ${height} and ${size} records, and showed block ${last.height} and ${last.size} before`,
    });
}

/**
 * The block from which a node's chain of blocks is walked: where it was audited before, or below it where another
 * checkpoint is to be compared; the genesis the first time.
 */
function startOf({ node }: Way, ways: readonly Way[], before: readonly Way[]): number {
  if (!before.some(remembered => remembered.node === node)) return 0;
  return Math.min(...ways.map(({ head }) => head.checkpoint.height));
}

function rememberedWays({ nodes, remembered, trust }: AuditPlan): readonly Way[] {
  return nodes.flatMap(node => {
    const certificate = remembered.get(node);
    const certified = certificate && verifyCertificate(certificate, trust);
    return certified?.ok ? [wayTo(node, 'remembered', certified.value, trust)] : [];
  });
}

async function trying(node: Node, read: () => Promise<void>): Promise<void> {
  try {
    await noting(node.findings, read);
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    node.error = error;
  }
}

function reportOf(
  { reader: { url }, way, findings, error }: Node,
  executed: ReadonlySet<string>,
): NodeReport {
  const head = way?.head ?? null;
  return {
    node: url,
    head,
    rebuilt: head !== null && executed.has(head.text),
    findings: findings.list,
    error,
  };
}
