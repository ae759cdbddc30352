import {
  type Chain,
  type Culprit,
  type Proven,
  parseCheckpoint,
  type Row,
  type Statement,
  toHex,
} from '@qifeng/core';
import type { FoundConflict } from '../../../audit/compare.ts';
import { type AuditReport, isClean, type NodeReport } from '../../../audit/monitor.ts';
import type { Way } from '../../../audit/source.ts';
import type { Context } from '../../context.ts';
import { memberName } from '../../describe.ts';
import { faultText } from '../../fault-text.ts';
import { explainFinding } from './findings.ts';
import { slotOf } from './json.ts';
import { auditMessages } from './messages.ts';

/** An audit for a person: each node, then each conflict. */
export function printReport(
  report: AuditReport,
  chain: Chain,
  evidence: string | null,
  context: Context,
): void {
  const { out, lang } = context;
  const words = auditMessages(lang);
  for (const node of report.nodes) printNode(node, isClean(node, report), context);
  for (const conflict of report.conflicts) {
    out.line();
    printConflict(conflict, chain, context);
  }
  if (report.conflicts.length > 0) {
    const written = evidence === null ? words.noOut : words.written(evidence);
    out.sentence(written);
    out.sentence(words.conflictNext);
  }
  if (report.accusations.length > 0) out.line();
  for (const { record, accusation } of report.accusations) {
    const { code, epoch } = accusation;
    const { kind, view, height } = slotOf(accusation);
    out.checked(false, [memberName(code, chain, lang), words.accused]);
    out.rows(
      [
        [words.signed, words.signedBoth[kind](height ?? 0, view ?? 0)],
        [words.accusation, words.accusedIn(record, epoch)],
      ],
      6,
    );
  }
}

function printNode(
  { node, head, rebuilt, findings, error }: NodeReport,
  clean: boolean,
  { out, lang }: Context,
): void {
  const words = auditMessages(lang);
  if (clean) out.heading(true, node, words.clean);
  else if (findings.length > 0) out.heading(false, node, words.unclean);
  else out.heading(null, node, error === null ? words.apart : words.unread);
  if (head !== null) {
    const { height, size, root, stateRoot, epoch } = head.checkpoint;
    out.rows([
      [words.shows, words.place(height, size, epoch, toHex(root))],
      [words.state, words.stateRoot(toHex(stateRoot), rebuilt)],
    ]);
  }
  for (const { code, detail, count } of findings) {
    const { says, next } = explainFinding(code, lang);
    out.checked(false, [code, count > 1 ? words.times(count) : null]);
    out.sentence(says, 6);
    out.rows(
      [
        [words.detail, faultText({ code, detail }, lang)],
        [words.next, next],
      ],
      6,
    );
  }
  if (error !== null)
    out.rows([
      [words.detail, faultText({ code: error.reason ?? error.code, detail: error.message }, lang)],
      [words.next, error.reason === 'not-held' ? words.notHeldNext : words.unreadNext],
    ]);
}

function printConflict({ between, outcome }: FoundConflict, chain: Chain, context: Context): void {
  const { out, lang } = context;
  const words = auditMessages(lang);
  const side = ({ node, from }: Way) => (from === 'shown' ? node : words.before(node));
  out.heading(false, words.conflict, between.map(side).join(' ≠ '));
  if (outcome.evidence !== null) {
    printProven(outcome.proven, chain, context);
    return;
  }
  out.sentence(words.unproven);
  out.rows([[words.detail, `${outcome.fault.code}: ${faultText(outcome.fault, lang)}`]]);
}

/** What evidence proves, and each culprit with the two statements. */
export function printProven({ kind, culprits, atLeast }: Proven, chain: Chain, { out, lang }: Context): void {
  const words = auditMessages(lang);
  out.sentence(words.kinds[kind]);
  out.sentence(words.culprits(culprits.length, atLeast));
  for (const culprit of culprits) {
    out.checked(false, [memberName(culprit.code, chain, lang)]);
    out.rows(culpritRows(culprit, lang), 6);
  }
}

function culpritRows({ key, statements }: Culprit, lang: Context['lang']): readonly Row[] {
  const words = auditMessages(lang);
  const rows = statements.flatMap((statement): readonly Row[] => [
    [words.signed, saidText(statement, lang)],
    [words.signature, statement.signature],
  ]);
  return [[words.key, toHex(key)], ...rows];
}

/** A statement on one line: the place it names, or the vote as it is. */
function saidText({ says }: Statement, lang: Context['lang']): string {
  const checkpoint = parseCheckpoint(says);
  if (!checkpoint.ok) return says.trimEnd();
  const { height, blockHash, size, root, stateRoot, epoch } = checkpoint.value;
  const words = auditMessages(lang);
  return `${words.place(height, size, epoch, toHex(root))}${words.hashes(toHex(blockHash), toHex(stateRoot))}`;
}
