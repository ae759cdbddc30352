import { catalogue, type Lang, type Row, shellMessages, subjectText } from '@qifeng/core';
import type { Names } from '../register/register.ts';
import type { Inbound, InboundLink } from '../succession/inbound.ts';
import { publisherText } from './describe.ts';
import { verdictMessages } from './verdicts.ts';

/** Texts about what other records say of a subject. */
export const inboundMessages = catalogue(
  {
    label: 'said elsewhere',
    says: {
      replaces: 'that it replaces this',
      supersedes: 'that it supersedes this',
      amends: 'that it amends this',
      repeals: 'that it repeals this',
      revokes: 'that it revokes this',
    } as Readonly<Record<string, string>>,
    signed: (what: string, record: string) => `${what}: ${record}; signed by all who issued this`,
    claimed: (what: string, record: string, by: string, without: string) =>
      `${what}: ${record}; a mere claim of ${by}, not signed by ${without}`,
    more: 'there may be more that this node does not show',
  },
  {
    label: '他处记载',
    says: {
      replaces: '称取代本标的',
      supersedes: '称取代本标的',
      amends: '称修改本标的',
      repeals: '称废止本标的',
      revokes: '称撤销本标的',
    },
    signed: (what: string, record: string) => `${what}：${record}；本标的各发文机关均已签署`,
    claimed: (what: string, record: string, by: string, without: string) =>
      `${what}：${record}；仅为 ${by} 单方主张，${without} 未签署`,
    more: '可能还有本节点没有列出的',
  },
);

/** What other records say of a subject, for a person: by all its issuers, or as a claim, which changes nothing. */
export function inboundRows(inbound: Inbound | null, names: Names | null, lang: Lang): readonly Row[] {
  const words = inboundMessages(lang);
  if (inbound === null) return [];
  return [
    ...inbound.links.map((link): Row => [words.label, linkText(link, names, lang)]),
    [words.label, inbound.complete ? null : words.more],
  ];
}

/** The same for programs. */
export function inboundJson(inbound: Inbound | null) {
  return (
    inbound && {
      complete: inbound.complete,
      links: inbound.links.map(({ subject, unsigned, ...link }) => ({
        ...link,
        ...subject,
        signedByAll: unsigned.length === 0,
        unsigned,
      })),
    }
  );
}

function linkText(link: InboundLink, names: Names | null, lang: Lang): string {
  const words = inboundMessages(lang);
  const { rel, title, index, publisher, unsigned } = link;
  const what = words.says[rel] ?? rel;
  const named = title === null ? '' : lang === 'zh' ? `《${title}》` : `“${title}” `;
  const record = named + verdictMessages(lang).record(subjectText(link), index);
  const text = (id: string) => publisherText(id, names);
  return unsigned.length === 0
    ? words.signed(what, record)
    : words.claimed(
        what,
        record,
        text(publisher),
        unsigned.map(text).join(shellMessages(lang).listSeparator),
      );
}
