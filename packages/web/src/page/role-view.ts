import { FILE_ROLES, type FileRole } from '@qifeng/core';
import type { RecordFacts, StandingFacts } from '../check/facts.ts';
import type { Lang } from '../words/language.ts';
import { standingWords } from '../words/standing-words.ts';
import { el } from './dom.ts';
import { deedName } from './standing-view.ts';

/** What the file of a record is to the subject of a standing; of a record without one: `present` where it is the last. */
export function roleOf(record: RecordFacts, { holds, last }: StandingFacts): FileRole {
  if (holds.kind !== 'subject') return 'present';
  const isPresent = record.digest === null ? last?.index === record.index : holds.digest === record.digest;
  if (isPresent) return 'present';
  return record.encloses ? 'enclosed' : 'earlier';
}

/** What the file of these records is to the subject of a standing, by those of them that are of it. */
export function roleAmong(records: readonly RecordFacts[], standing: StandingFacts): FileRole {
  const roles = records
    .filter(({ subject }) => subject === standing.about)
    .map(record => roleOf(record, standing));
  return FILE_ROLES.find(role => roles.includes(role)) ?? 'earlier';
}

/** That a file is not the text, and what it is instead; null where it is. */
export function roleNotice(role: FileRole, record: RecordFacts | undefined, lang: Lang): HTMLElement | null {
  if (role === 'present') return null;
  const words = standingWords(lang);
  const isEnclosed = role === 'enclosed' && record !== undefined;
  const text = isEnclosed ? words.enclosed(deedName(record, lang)) : words.otherText;
  return el('p', { class: 'notice warn' }, text);
}
