import type { Lang } from '@qifeng/core';
import type { Evidence } from './evidence.ts';
import { html, type Markup } from './html.ts';
import { openEntry } from './opened.ts';
import { gridTable, points, when } from './tables.ts';
import { reportWords } from './words.ts';

/** Fields that say when a document was made, published, in force and until when, by the profiles' names for them. */
const STATED = ['made', 'published', 'effective', 'expires'] as const;

/** The times, each with what vouches for it: dates that the publisher states, and times that the ledger proves. */
export function timesSection(evidence: Evidence, lang: Lang): Markup {
  const { verified } = evidence.receipt;
  const words = reportWords(lang);
  const { text } = openEntry(evidence, lang);
  const ahead = verified.header.issuedAt - verified.recordedAt;
  const isBehind = verified.existedNoLaterThan < verified.recordedAt;
  const rows = [
    ...STATED.map(name => {
      const date = text(name);
      return [words.dates[name], date ?? words.notRecorded, date && words.publishersWord];
    }),
    [words.signedAt, when(verified.header.issuedAt), words.publishersWord],
    [words.recordedAt, when(verified.recordedAt), words.blockTime],
    [words.existed, when(verified.existedNoLaterThan), words.medianTime],
  ];
  return html`<section><h2>${words.times}</h2>
${gridTable([words.time, words.value, words.basis], rows)}
${points([ahead > 0 ? words.ahead(ahead) : null, isBehind ? words.behind : null, words.zone])}</section>`;
}
