import { digestText, type Lang, shellMessages, subjectText, toHex } from '@qifeng/core';
import { actionText, profileRow, publisherText } from '../../describe.ts';
import { linksOf } from '../../linked.ts';
import { issuerRows, linkRows } from '../../record-words.ts';
import { chinaIso } from '../../time.ts';
import type { Evidence } from './evidence.ts';
import { html, type Markup } from './html.ts';
import { openEntry } from './opened.ts';
import { code, rowsTable } from './tables.ts';
import { reportWords } from './words.ts';

/** What was examined, by what and against which chain, what came of it in one sentence, and what the record says. */
export function head(evidence: Evidence, lang: Lang): Markup {
  const { examined, receipt, names, madeAt, version } = evidence;
  const { verified } = receipt;
  const { leaf } = verified;
  const entry = leaf.entry.value;
  const { digest } = examined;
  const words = reportWords(lang);
  const { chain } = names;
  const { genesis } = chain;
  const { title, fields, hidden } = openEntry(evidence, lang);
  return html`<h1>${words.title}</h1>
<p class="under">${words.under}</p>
<p class="verdict">${words.verdict[examined.kind]({
    index: verified.index,
    chain: genesis.name,
    publisher: publisherText(leaf.publisher, names),
    cosigned: verified.cosigners.length,
    of: verified.validators,
    time: chinaIso(verified.recordedAt),
  })}</p>
<h2>${words.examined}</h2>
${rowsTable([
  [words.file, examined.kind === 'file' ? examined.name : words.noFileGiven[examined.kind]],
  [words.size, examined.kind === 'file' ? words.bytes(examined.bytes) : null],
  [examined.kind === 'record' ? words.recordedDigest : words.digest, digest && code(digestText(digest))],
  [words.receipt, receipt.name],
  [words.chain, `${genesis.name} (${chain.origin})`],
  [words.genesisHash, code(`sha256:${toHex(chain.hash)}`)],
  [words.software, `qifeng ${version}`],
  [words.madeAt, chinaIso(madeAt)],
])}
<h3>${words.recordSays}</h3>
${rowsTable([
  [words.subject, subjectText(entry)],
  [words.action, actionText(entry, names, lang)],
  profileRow(entry.profile, names, lang),
  [words.publisher, publisherText(leaf.publisher, names)],
  [words.docTitle, title],
  ...fields,
  ...issuerRows(leaf, names, lang),
  ...linkRows(linksOf(verified), evidence.linkTitles, names, lang),
  [words.hidden, hidden.length > 0 ? hidden.join(shellMessages(lang).listSeparator) : null],
])}
<p>${words.statements}</p>
<p>${words.noProof[examined.kind === 'file' ? 'file' : 'record']}</p>
${verified.disclosed === null ? null : html`<p>${words.sealed}</p>`}`;
}
