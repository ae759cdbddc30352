import { digestText, equalBytes, type Lang, quorum } from '@qifeng/core';
import { memberName, publisherText } from '../../describe.ts';
import { linksOf, openLinks } from '../../linked.ts';
import { linkText } from '../../record-words.ts';
import { chinaIso } from '../../time.ts';
import type { Evidence } from './evidence.ts';
import { html, type Markup } from './html.ts';
import { lawWords } from './law-words.ts';
import { openEntry } from './opened.ts';
import { statedOrigins } from './origins.ts';
import { recheckCommands } from './recheck.ts';
import { code, points, rowsTable } from './tables.ts';

/** Articles 17 to 19: facts of the chain, what is recorded about the time before it, how to check all of it again. */
export function articleSections(evidence: Evidence, lang: Lang): readonly Markup[] {
  return [article17(evidence, lang), article18(evidence, lang), article19(evidence, lang)];
}

function article17(evidence: Evidence, lang: Lang): Markup {
  const { names: known, receipt, examined } = evidence;
  const { chain } = known;
  const { verified, inspection } = receipt;
  const { article17: law, facts, elsewhere, listSeparator } = lawWords(lang);
  const { validators } = inspection;
  const names = validators.map(({ code }) => memberName(code, chain, lang)).join(listSeparator);
  const { publisher } = verified.leaf;
  const home = known.home(publisher);
  const enrolledBy = chain.genesis.publishers.some(({ id }) => id === publisher) ? law.home : law.homeLater;
  const ownKey = validators.some(({ key }) => equalBytes(key, verified.header.key));
  const { digest } = examined;
  const four: readonly (readonly (string | null)[])[] = [
    [law.members(names, validators.length, quorum(validators.length))],
    [
      law.publisher(publisherText(publisher, known)),
      home === null ? law.homeUnknown : enrolledBy(memberName(home, chain, lang)),
      ownKey ? law.keyShared : law.keyApart,
    ],
    [law.software(evidence.version), law.faults],
    [law.suite[chain.genesis.suite], digest && law.digest[digest.alg], law.formats],
  ];
  return html`<section><h2>${law.title}</h2>
<p class="law">${law.says}</p>
${law.factors.map(
  ({ name, court }, i) => html`<h3>${name}</h3>
<p>${facts}</p>${points(four[i]!)}<p>${elsewhere}${court}</p>`,
)}</section>`;
}

function article18(evidence: Evidence, lang: Lang): Markup {
  const { article18: law, proves, provesNot } = lawWords(lang);
  const { isOriginHidden } = openEntry(evidence, lang);
  const links = linkedRecords(evidence, lang);
  const origins = statedOrigins(evidence);
  const ofFile = evidence.examined.digest !== null;
  const none = isOriginHidden ? law.closed : ofFile ? law.none : law.noFile;
  const further = evidence.history === null ? law.othersNotAsked : law.noneInHistory;
  const said = origins.map(
    ({
      index,
      publisher,
      origin,
    }) => html`<p>${law.recorded(index, publisherText(publisher, evidence.names))}</p>
${rowsTable([
  [law.method, origin.method],
  [law.tool, origin.tool],
  [law.operator, origin.operator],
  [law.capturedAt, origin.capturedAt === null ? law.notRecorded : chinaIso(origin.capturedAt)],
  [law.earlier, origin.earlier === null ? law.notRecorded : code(digestText(origin.earlier))],
])}`,
  );
  return html`<section><h2>${law.title}</h2>
<p class="law">${law.says}</p>
${origins.length === 0 ? html`<p>${none} ${ofFile ? further : null}</p>` : said}
<h3>${law.corroborating}</h3>
${links.length === 0 ? html`<p>${law.noLinks}</p>` : html`<p>${law.linked}</p>${points(links)}`}
<h3>${proves}</h3>${points([origins.length > 0 ? law.proves : ofFile ? law.provesNothing : law.provesStatement])}
<h3>${provesNot}</h3>${points(law.provesNot)}</section>`;
}

/** The links of the examined record, and of the other records of its subject where the history is known, each once. */
function linkedRecords({ receipt, history, linkTitles, names }: Evidence, lang: Lang): readonly string[] {
  const others = (history?.records ?? []).flatMap(({ record }) => openLinks(record.leaf));
  const all = [...linksOf(receipt.verified), ...others];
  return [...new Set(all.map(link => linkText(link, linkTitles, names, lang)))];
}

function article19(evidence: Evidence, lang: Lang): Markup {
  const { article19: law } = lawWords(lang);
  const commands = recheckCommands(evidence, lang);
  return html`<section><h2>${law.title}</h2>
<p class="law">${law.says}</p>
<p>${law.needs[evidence.examined.kind === 'file' ? 'file' : 'record']}</p>
${commands.map(({ what, command }) => html`<p>${what}</p><pre>${command}</pre>`)}
<h3>${law.standards}</h3>
${points(law.standardsList)}
<p>${law.otherTools}</p></section>`;
}
