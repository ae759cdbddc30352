import { catalogue, type Disclosed, type Lang, type Row, shownValidity, toHex } from '@qifeng/core';
import { metaText } from './describe.ts';
import { verdictMessages } from './verdicts.ts';

/** Texts about what a receipt discloses. */
export const disclosedMessages = catalogue(
  {
    shown: 'shown',
    hidden: 'hidden',
    file: 'digest of the file',
    origin: 'origin',
    link: 'link',
    nothing: 'nothing',
  },
  {
    shown: '已出示',
    hidden: '保密',
    file: '文件摘要',
    origin: '来源',
    link: '关联',
    nothing: '无',
  },
);

/** What a place of a sealed record is called where a person names it: each link is one of the `links`. */
export function placeText(place: string): string {
  return place.startsWith('link ') ? 'links' : place;
}

/** What a receipt opens of a sealed record, what its dates come to today, and the names of what it does not open. */
export function disclosedRows(disclosed: Disclosed, lang: Lang): readonly Row[] {
  const { digest, meta, origin, links, hidden } = disclosed;
  const words = disclosedMessages(lang);
  const shown = [
    ...[...meta].map(([name, value]) => `${name} = ${metaText(value)}`),
    ...(origin === null
      ? []
      : [`${words.origin} = ${[origin.method, origin.tool, origin.operator].join(' / ')}`]),
    ...[...links.values()].map(
      ({ rel, subject, index }) => `${words.link} = ${rel} ${subject.issuer}/${subject.id} @${index}`,
    ),
    ...(digest === null ? [] : [`${words.file} = ${digest.alg}:${toHex(digest.hash)}`]),
  ];
  const names = [...new Set(hidden.map(placeText))];
  return [
    ...(shown.length > 0 ? shown : [words.nothing]).map((text): Row => [words.shown, text]),
    ...validityRows(disclosed, lang),
    [words.hidden, names.length > 0 ? names.join(' ') : words.nothing],
  ];
}

function validityRows(disclosed: Disclosed, lang: Lang): readonly Row[] {
  const shown = shownValidity(disclosed, Date.now());
  if (shown === null) return [];
  const words = verdictMessages(lang);
  const dates = words.validity(shown.validFrom, shown.validTo);
  return [[words.valid, `${dates}${lang === 'zh' ? '：' : ': '}${words.words[shown.word]}`]];
}

/** The same for programs; null for a record in the open. */
export function disclosedJson(disclosed: Disclosed | null) {
  return (
    disclosed && {
      digest: disclosed.digest,
      meta: disclosed.meta,
      origin: disclosed.origin,
      links: [...disclosed.links].map(([i, link]) => ({ i, ...link })),
      validity: shownValidity(disclosed, Date.now()),
      hidden: disclosed.hidden,
    }
  );
}
