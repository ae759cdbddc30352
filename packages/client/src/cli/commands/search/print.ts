import { type SearchPageView, subjectText, visible } from '@qifeng/core';
import type { Names } from '../../../register/register.ts';
import type { Context } from '../../context.ts';
import { stateText } from '../../describe.ts';
import { chinaIso } from '../../time.ts';
import { verdictText } from '../../verdicts.ts';
import { searchMessages } from './messages.ts';

/** A page for a person: a line for each record, its subject below, and how to see more. */
export function printPage(
  { results, next, at, covers, asOf }: SearchPageView,
  command: string,
  isLastOnly: boolean,
  names: Names | null,
  { out, lang }: Context,
): void {
  const words = searchMessages(lang);
  if (results.length === 0) out.sentence(next === null ? words.nothing : words.nothingHere, 0);
  if (results.length === 0 && next === null && isLastOnly) out.sentence(words.nothingLast, 0);
  out.table(
    results.map(({ index, leaf, title, number, date, standing, verdict }) => {
      const entry = leaf.entry.value;
      const state = standing && stateText(entry.profile, standing.state, names, lang);
      const stands = verdict === null ? words.earlier : verdictText(verdict, state, lang);
      const issuer = names?.publisher(entry.subject.issuer) ?? '';
      return [String(index), date, stands, number ?? '', title ?? '', issuer, subjectText(entry)].map(
        visible,
      );
    }),
  );
  const empty = covers.from === covers.to;
  out.note(empty ? words.coversNone : words.covers(covers.from, covers.to, chinaIso(asOf.time), at), 0);
  if (next !== null) out.rows([[words.next, `${command} --cursor ${next}`]], 0);
}
