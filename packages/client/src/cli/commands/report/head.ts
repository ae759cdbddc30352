import { type Lang, toHex } from '@qifeng/core';
import { digestText } from '../../asked.ts';
import { actionText, metaText, publisherText, subjectText } from '../../describe.ts';
import { chinaIso } from '../../time.ts';
import type { Evidence } from './evidence.ts';
import { html, type Markup } from './html.ts';
import { openEntry } from './opened.ts';
import { code, rowsTable } from './tables.ts';
import { reportWords } from './words.ts';

/** What was examined, by what and against which chain, what came of it in one sentence, and what the record says. */
export function head(evidence: Evidence, lang: Lang): Markup {
  const { file, receipt, chain, madeAt, version } = evidence;
  const { verified } = receipt;
  const { leaf } = verified;
  const entry = leaf.entry.value;
  const words = reportWords(lang);
  const { genesis } = chain;
  const { title, fields, hidden } = openEntry(evidence, lang);
  return html`<h1>${words.title}</h1>
<p class="under">${words.under}</p>
<p class="verdict">${words.verdict({
    index: verified.index,
    chain: genesis.name,
    publisher: publisherText(leaf.publisher, chain),
    cosigned: verified.cosigners.length,
    of: verified.validators,
    time: chinaIso(verified.recordedAt),
  })}</p>
<h2>${words.examined}</h2>
${rowsTable([
  [words.file, file.name],
  [words.size, words.bytes(file.bytes)],
  [words.digest, code(digestText(file.digest))],
  [words.receipt, receipt.name],
  [words.chain, `${genesis.name} (${chain.origin})`],
  [words.genesisHash, code(`sha256:${toHex(chain.hash)}`)],
  [words.software, `qifeng ${version}`],
  [words.madeAt, chinaIso(madeAt)],
])}
<h3>${words.recordSays}</h3>
${rowsTable([
  [words.subject, subjectText(entry)],
  [words.action, actionText(entry, chain, lang)],
  [words.publisher, publisherText(leaf.publisher, chain)],
  [words.docTitle, title],
  ...fields.map(([label, value]) => [label, metaText(value)] as const),
  [words.hidden, hidden.length > 0 ? hidden.join(' ') : null],
])}
<p>${words.statements}</p>
<p>${words.noProof}</p>
${verified.disclosed === null ? null : html`<p>${words.sealed}</p>`}`;
}
