import { relative } from 'node:path';
import { EXIT, type ExitCode, type Lang, toHex, visible } from '@qifeng/core';
import type { Names } from '../../../register/register.ts';
import type { Outcome, Reported } from '../../../stamp/outcome.ts';
import type { Context } from '../../context.ts';
import { faultText, refusalText } from '../../fault-text.ts';
import { refusalFacts } from '../../refusal-facts.ts';
import { stampMessages } from './messages.ts';
import type { Rejected } from './rows.ts';

/** Why an entry is not recorded, in the person's language; null for one that is. */
export function detailText({ item, outcome }: Reported, names: Names, lang: Lang): string | null {
  if (outcome.type === 'ok' || outcome.type === 'already') return null;
  if (outcome.type !== 'refused') return faultText(outcome, lang);
  return refusalText(outcome, refusalFacts(item.entry, outcome.code, outcome.state, names), lang);
}

/** One line a file: `ok`, index, height and where the receipt is; else what happened and what to do. */
export function printOutcome(
  { target, item, outcome }: Reported,
  line: number | null,
  detail: string | null,
  context: Context,
): void {
  const { out, io, lang } = context;
  const words = stampMessages(lang);
  const shown = (path: string) => visible(shortPath(path, io.cwd));
  const name = shown(target.file ?? target.receipt);
  const word = out.painted(isGood(outcome.type), words[outcome.type]);
  const at = line === null ? [] : [words.line(line)];
  switch (outcome.type) {
    case 'ok':
    case 'already': {
      const resumed = outcome.type === 'ok' && outcome.resumed ? `  (${words.resumed})` : '';
      const place = `${words.index(outcome.index)}  ${words.height(outcome.height)}`;
      out.line(`${word}  ${place}  ${shown(target.receipt)}${resumed}`);
      return;
    }
    case 'refused': {
      const entry = outcome.entry === null ? [] : [words.entryOf(outcome.entry)];
      const subject = target.file === null ? [visible(item.entry.subject.id)] : [];
      const parts = [word, ...at, name, ...subject, visible(outcome.code), ...entry, visible(detail ?? '')];
      out.line(parts.join('  '));
      return;
    }
    case 'pending':
      out.line(
        [word, ...at, name, visible(outcome.code), outcome.kept ? words.kept : words.notSent].join('  '),
      );
      return;
    case 'unproven':
      out.line([word, ...at, name, visible(outcome.code), words.unprovenNext].join('  '));
  }
}

/** A row of a table that is not sent. */
export function printRejected({ line, name, code, detail }: Rejected, { out, lang, json }: Context): void {
  if (json) return;
  const words = stampMessages(lang);
  const word = out.painted(false, words.refused);
  out.line([word, words.line(line), ...(name === '' ? [] : [name]), code, visible(detail)].join('  '));
}

/** What came of a row of a table, for programs. */
export type Line = ReturnType<typeof toJsonOutcome> | ReturnType<typeof toJsonRejected>;

/** Those that are not recorded. */
export function leftLines<L extends Pick<Line, 'status'>>(lines: readonly L[]): readonly L[] {
  return lines.filter(({ status }) => !isGood(status));
}

/** A row that is not sent, for programs: the keys of an outcome. */
export function toJsonRejected({ line, name, code, detail }: Rejected) {
  const none = { index: null, height: null, receipt: null, entry: null, kept: null };
  const asked = { subject: null, action: null, digest: null };
  return { file: name, line, status: 'refused' as const, ...none, resumed: false, code, detail, ...asked };
}

/** One file's outcome for programs. Every key is always there, null where it does not apply. */
export function toJsonOutcome(
  { target, item, outcome }: Reported,
  line: number | null,
  detail: string | null,
) {
  const { profile, action, subject, digest } = item.entry;
  const placed = outcome.type === 'ok' || outcome.type === 'already' ? outcome : null;
  const failed = placed === null ? (outcome as Exclude<Outcome, { type: 'ok' | 'already' }>) : null;
  return {
    file: target.file,
    line,
    status: outcome.type,
    index: placed?.index ?? null,
    height: placed?.height ?? null,
    receipt: placed === null ? null : target.receipt,
    resumed: outcome.type === 'ok' && outcome.resumed,
    code: failed?.code ?? null,
    detail,
    entry: outcome.type === 'refused' ? outcome.entry : null,
    kept: outcome.type === 'pending' ? outcome.kept : null,
    subject: { profile, issuer: subject.issuer, id: subject.id },
    action,
    digest: digest === null ? null : `${digest.alg}:${toHex(digest.hash)}`,
  };
}

/** 4 if anything was refused, else 1 if a receipt does not verify, else 3 if anything is pending, else 0. */
export function exitOf(outcomes: readonly Outcome['type'][]): ExitCode {
  const has = (type: Outcome['type']) => outcomes.includes(type);
  if (has('refused')) return EXIT.refused;
  if (has('unproven')) return EXIT.refuted;
  return has('pending') ? EXIT.unreachable : EXIT.done;
}

/** True iff the record is there and proven. */
function isGood(type: Outcome['type']): boolean {
  return type === 'ok' || type === 'already';
}

/** A path as a person here would write it. */
function shortPath(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near === '' || near.startsWith('..') ? path : near;
}
