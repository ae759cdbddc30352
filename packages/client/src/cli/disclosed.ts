import {
  catalogue,
  type Disclosed,
  type FieldFlaw,
  type Lang,
  type Row,
  shellMessages,
  shownFlaws,
  shownValidity,
  toHex,
  type VerifiedReceipt,
} from '@qifeng/core';
import type { Names } from '../register/register.ts';
import { faultText } from './fault-text.ts';
import { fieldText, fieldTitle, linkText } from './record-words.ts';
import { verdictMessages } from './verdicts.ts';

/** Texts about what a receipt discloses. */
export const disclosedMessages = catalogue(
  {
    shown: 'shown',
    hidden: 'hidden',
    flaw: 'not valid',
    file: 'digest of the file',
    origin: 'origin',
    link: 'link',
    nothing: 'nothing',
  },
  {
    shown: '已出示',
    hidden: '保密',
    flaw: '不合规范',
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

/** A sealed record with what its receipt opens. */
type Opened = Pick<VerifiedReceipt, 'leaf' | 'disclosed'>;

/**
 * What a receipt opens of a sealed record, what its profile does not allow of that, what its dates come to today, and the names
 * of what it does not open; nothing of a record in the open.
 */
export function disclosedRows(record: Opened, names: Names | null, lang: Lang): readonly Row[] {
  const { disclosed } = record;
  if (disclosed === null) return [];
  const { digest, meta, origin, links, hidden } = disclosed;
  const words = disclosedMessages(lang);
  const entry = record.leaf.entry.value;
  const shown = [
    ...[...meta].map(
      ([name, value]) =>
        `${fieldTitle(entry, name, names, lang)} = ${fieldText(entry, name, value, names, lang)}`,
    ),
    ...(origin === null
      ? []
      : [`${words.origin} = ${[origin.method, origin.tool, origin.operator].join(' / ')}`]),
    ...[...links.values()].map(link => `${words.link} = ${linkText(link, new Map(), names, lang)}`),
    ...(digest === null ? [] : [`${words.file} = ${digest.alg}:${toHex(digest.hash)}`]),
  ];
  const closed = [...new Set(hidden.map(placeText))].map(place => fieldTitle(entry, place, names, lang));
  return [
    ...(shown.length > 0 ? shown : [words.nothing]).map((text): Row => [words.shown, text]),
    ...flawsIn(record, names).map(
      ({ code, detail }): Row => [words.flaw, `${code}: ${faultText({ code, detail }, lang)}`],
    ),
    ...validityRows(disclosed, lang),
    [words.hidden, closed.length > 0 ? closed.join(shellMessages(lang).listSeparator) : words.nothing],
  ];
}

/** What is shown and breaks the format that its profile gives it; nothing where the profile is not known. */
function flawsIn({ leaf, disclosed }: Opened, names: Names | null): readonly FieldFlaw[] {
  const { profile, action } = leaf.entry.value;
  const known = names?.profile(profile)?.profile;
  return known === undefined || disclosed === null ? [] : shownFlaws(known, action, disclosed.meta);
}

function validityRows(disclosed: Disclosed, lang: Lang): readonly Row[] {
  const shown = shownValidity(disclosed, Date.now());
  if (shown === null) return [];
  const words = verdictMessages(lang);
  const dates = words.validity(shown.validFrom, shown.validTo);
  // A term that is running is not yet a standing.
  const remark = shown.word === 'in-force' ? '' : `${lang === 'zh' ? '：' : ': '}${words.words[shown.word]}`;
  return [[words.valid, dates + remark]];
}

/** The same for programs; null for a record in the open. */
export function disclosedJson(record: Opened, names: Names | null) {
  const { disclosed } = record;
  return (
    disclosed && {
      digest: disclosed.digest,
      meta: disclosed.meta,
      origin: disclosed.origin,
      links: [...disclosed.links].map(([i, link]) => ({ i, ...link })),
      flaws: flawsIn(record, names),
      validity: shownValidity(disclosed, Date.now()),
      hidden: disclosed.hidden,
    }
  );
}
