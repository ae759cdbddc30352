import type { PublisherView } from '@qifeng/client';
import type { Lang } from '../words/language.ts';
import { type PublishersWords, publishersWords } from '../words/publishers-words.ts';
import { el } from './dom.ts';
import { bdi } from './parts.ts';
import { visible } from './text.ts';

/** What is known of the publishers that were asked for. */
export interface Listed {
  readonly publishers: readonly PublisherView[];
  /** Whether the node has more. */
  readonly hasMore: boolean;
}

/** What members, by their codes, and profiles, by their names, are called. */
export interface Called {
  readonly members: ReadonlyMap<string, Readonly<Record<Lang, string>>>;
  readonly profiles: ReadonlyMap<string, Readonly<Record<Lang, string>>>;
}

/** A table of publishers: who they are, whose, whether they may record, what, how much a day, and how much they did. */
export function publishersTable(
  publishers: readonly PublisherView[],
  called: Called,
  lang: Lang,
): HTMLTableElement {
  const words = publishersWords(lang);
  const columns = ['publisher', 'home', 'status', 'roles', 'quota', 'records'] as const;
  const head = el('tr', {}, ...columns.map(key => el('th', { scope: 'col' }, words[key])));
  return el(
    'table',
    { class: 'publishers' },
    el('thead', {}, head),
    el('tbody', {}, ...publishers.map(publisher => row(publisher, called, words, lang))),
  );
}

function row(
  { id, name, home, status, roles, quota, seq }: PublisherView,
  { members, profiles }: Called,
  words: PublishersWords,
  lang: Lang,
): HTMLTableRowElement {
  const member = members.get(home)?.[lang];
  const roleText = (written: string, i: number) => {
    const [profile = '', role = 'issuer'] = written.split(':');
    const name = visible(profiles.get(profile)?.[lang] ?? profile);
    const text = role === 'issuer' ? name : words.as(name, words.role[role] ?? visible(role));
    return el('span', { title: visible(written) }, i === 0 ? text : words.separator + text);
  };
  // The heading of its column goes with each cell where the table becomes a list.
  const cell = (label: string, ...children: readonly (Node | string)[]) =>
    el('td', { 'data-label': label }, ...children);
  return el(
    'tr',
    {},
    el('th', { scope: 'row' }, bdi(name), el('code', {}, visible(id))),
    cell(words.home, ...(member === undefined ? [] : [bdi(member), ' ']), visible(home)),
    cell(words.status, el('span', { class: `standing-${status}` }, words[status])),
    cell(words.roles, ...(roles.length === 0 ? [words.all] : roles.map(roleText))),
    cell(words.quota, quota === 0 ? words.unbounded : quota.toLocaleString(lang)),
    cell(words.records, seq.toLocaleString(lang)),
  );
}
