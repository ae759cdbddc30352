import { catalogue, type Entry, type Lang, type Link, type MetaValue, type Row } from '@qifeng/core';
import type { Names } from '../register/register.ts';
import { metaText, publisherText } from './describe.ts';
import { verdictMessages } from './verdicts.ts';

/** Texts about what a record says; relations are those of the profiles in seeds beside those of standings. */
export const recordWords = catalogue(
  {
    link: 'link',
    joint: 'issued jointly by',
    issuer: 'issuer of the subject',
    record: (index: number) => `record ${index}`,
    separator: '; ',
    places: { digest: 'digest of the file', origin: 'origin', links: 'links' } as Readonly<
      Record<string, string>
    >,
    relations: {
      about: 'about',
      'based-on': 'based on',
      checked: 'checked',
      'derived-from': 'derived from',
      follows: 'follows',
      of: 'of',
      'paid-by': 'paid by',
      'part-of': 'part of',
      proof: 'proof',
      receipt: 'receipt',
      replaces: 'replaces',
      result: 'result',
      'tax-paid': 'tax paid',
    } as Readonly<Record<string, string>>,
  },
  {
    link: '关联',
    joint: '联合发文',
    issuer: '标的所属机构',
    record: (index: number) => `第 ${index} 号记录`,
    separator: '；',
    places: { digest: '文件摘要', origin: '来源', links: '关联' },
    relations: {
      about: '关于',
      'based-on': '依据',
      checked: '核对',
      'derived-from': '来源于',
      follows: '承接',
      of: '所属',
      'paid-by': '付款凭据',
      'part-of': '组成',
      proof: '证明材料',
      receipt: '回执',
      replaces: '取代',
      result: '办理结果',
      'tax-paid': '完税凭据',
    },
  },
);

/** Titles of linked records, by log index. */
export type LinkTitles = ReadonlyMap<number, string>;

type Deed = Pick<Entry, 'profile' | 'action'>;

/** A field, or another place of a sealed record, by its title where the profile is known. */
export function fieldTitle({ profile, action }: Deed, name: string, names: Names | null, lang: Lang): string {
  const fields = names?.profile(profile)?.profile.actions.find(known => known.name === action)?.fields;
  const title = fields?.find(field => field.name === name)?.title[lang];
  return title ?? recordWords(lang).places[name] ?? name;
}

/** A field's value on one line; organs, which are recorded by their codes, with their names. */
export function fieldText(
  deed: Deed,
  name: string,
  value: MetaValue,
  names: Names | null,
  lang: Lang,
): string {
  const fields = names
    ?.profile(deed.profile)
    ?.profile.actions.find(known => known.name === deed.action)?.fields;
  const type = fields?.find(field => field.name === name)?.type;
  if (type !== 'uscc' && type !== 'issuers') return metaText(value);
  const organs = (Array.isArray(value) ? value : [value]) as readonly MetaValue[];
  return organs
    .map(organ => (typeof organ === 'string' ? publisherText(organ, names) : metaText(organ)))
    .join(recordWords(lang).separator);
}

/** What a relation is called; one that no profile of the seeds has by its name. */
export function relText(rel: string, lang: Lang): string {
  return verdictMessages(lang).relations[rel] ?? recordWords(lang).relations[rel] ?? rel;
}

/** A link for a person: the linked subject by its issuer's name, the record, and that one's title where it is known. */
export function linkText(
  { rel, subject, index }: Link,
  titles: LinkTitles,
  names: Names | null,
  lang: Lang,
): string {
  const words = recordWords(lang);
  const title = titles.get(index);
  const named = title === undefined ? '' : lang === 'zh' ? `《${title}》` : `“${title}” `;
  const of = `${publisherText(subject.issuer, names)} ${subject.id}`;
  return `${relText(rel, lang)}${lang === 'zh' ? '：' : ': '}${named}${of}${lang === 'zh' ? '，' : ', '}${words.record(index)}`;
}

/** The links of a record in the open, or those that a receipt opens, a row each. */
export function linkRows(
  links: Iterable<Link>,
  titles: LinkTitles,
  names: Names | null,
  lang: Lang,
): readonly Row[] {
  return [...links].map((link): Row => [recordWords(lang).link, linkText(link, titles, names, lang)]);
}

/**
 * The organs of a record beside its publisher: all of a joint issue that it begins, and the issuer of the subject where
 * another one acts on it.
 */
export function issuerRows(
  { publisher, entry }: { readonly publisher: string; readonly entry: { readonly value: Entry } },
  names: Names | null,
  lang: Lang,
): readonly Row[] {
  const { profile, action, subject, meta } = entry.value;
  const words = recordWords(lang);
  const fields = names?.profile(profile)?.profile.actions.find(known => known.name === action)?.fields;
  const field = fields?.find(({ type }) => type === 'issuers')?.name;
  const named = field === undefined ? undefined : meta.get(field);
  const all = Array.isArray(named) ? [...new Set([subject.issuer, ...(named as readonly string[])])] : [];
  return [
    [words.joint, all.length > 1 ? all.map(id => publisherText(id, names)).join(words.separator) : null],
    [words.issuer, subject.issuer === publisher ? null : publisherText(subject.issuer, names)],
  ];
}
