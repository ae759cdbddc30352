import { isUscc, rolesFromTexts } from '@qifeng/core';
import { type SeedFile, type SeedSet, splitDocument } from './seed-set.ts';

/** What every seed text says about itself. */
export const MARK = '演示，非官方文本';

const KINDS = '决议 决定 命令(令) 公报 公告 通告 意见 通知 通报 报告 请示 批复 议案 函 纪要'.split(' ');
const REQUIRED = ['title', 'issuer', 'kind', 'region', 'keywords', 'mark'];
const DATES = ['made', 'published', 'effective'];
const FOLLOW_UPS = ['amend', 'repeal', 'lapse'];
// 〔2020〕 and what is typed for it: ［2020］ [2020] 【2020】 (2020)8号. A year range in a title is none.
const DOCUMENT_NUMBER = /[〔［[【](?:19|20)\d\d[〕］\]】]|[(（](?:19|20)\d\d[)）]\s*第?\d+\s*号/u;

/** The values that occur more than once. */
export function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, at) => values.indexOf(value) !== at))];
}

/** Whether `text` is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function decoded(file: SeedFile): { text: string; flaws: string[] } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file.bytes);
  } catch {
    return { text: '', flaws: ['is not UTF-8'] };
  }
  const flaws = [];
  if (text.normalize('NFC') !== text) flaws.push('is not NFC');
  if (/[^\P{C}\n]/u.test(text)) flaws.push('holds a control or invisible character');
  if (!text.endsWith('\n') || text.endsWith('\n\n')) flaws.push('does not end in one line end');
  return { text, flaws };
}

/** What is wrong with one text, its front matter and its marks. */
export function documentFlaws(file: SeedFile, { publishers }: Pick<SeedSet, 'publishers'>): string[] {
  const { text, flaws } = decoded(file);
  if (!/^\d\d-[a-z0-9]+(?:-[a-z0-9]+)*\.md$/.test(file.name)) flaws.push('is not named NN-slug.md');
  const split = splitDocument(text);
  if (split === null) return [...flaws, 'has no front matter'].map(flaw => `${file.name} ${flaw}`);
  const keys = split.meta.map(([key]) => key);
  const meta = new Map(split.meta);
  for (const key of REQUIRED) if (!meta.has(key)) flaws.push(`has no ${key}`);
  for (const key of keys) if (![...REQUIRED, ...DATES].includes(key)) flaws.push(`has unknown key ${key}`);
  for (const key of repeated(keys)) flaws.push(`has ${key} twice`);
  for (const [key, value] of meta) {
    if (value === '' || value.trim() !== value) flaws.push(`has an empty or padded ${key}`);
    if (DOCUMENT_NUMBER.test(value)) flaws.push(`has a document number in ${key}`);
    if (DATES.includes(key) && !isDay(value)) flaws.push(`has no real day in ${key}`);
  }
  const issuer = publishers.find(({ id }) => id === meta.get('issuer'));
  if (issuer === undefined) flaws.push('is of no known publisher');
  else if (issuer.home !== meta.get('region')) flaws.push('is of another region than its publisher');
  else if (issuer.roles.length > 0 && !issuer.roles.includes('policy'))
    flaws.push('is of a publisher without policies');
  if (!KINDS.includes(meta.get('kind') ?? '')) flaws.push('is of no known kind');
  if ((meta.get('keywords') ?? '').split('、').length > 5) flaws.push('has more than five keywords');
  if (meta.get('mark') !== MARK) flaws.push('has another mark');
  const [first, heading] = split.body.split('\n').filter(line => line !== '');
  if (!first?.includes(MARK)) flaws.push('does not begin with its mark');
  if (heading !== `# ${meta.get('title')}`) flaws.push('has another heading than its title');
  if (DOCUMENT_NUMBER.test(split.body)) flaws.push('has a document number in its text');
  return flaws.map(flaw => `${file.name} ${flaw}`);
}

/** What is wrong with the publishers: codes, marks, homes, order. */
export function publisherFlaws(
  { members, publishers }: Pick<SeedSet, 'members' | 'publishers'>,
  profiles: readonly string[],
): string[] {
  const flaws = [
    ...repeated(publishers.map(({ id }) => id)).map(id => `${id} is there twice`),
    ...repeated(publishers.map(({ name }) => name)).map(name => `${name} is there twice`),
  ];
  publishers.forEach(({ id, name, home, roles }, at) => {
    if (!isUscc(id)) flaws.push(`${id} is no unified social credit code`);
    if (!id.startsWith(`11${home}DEM`)) flaws.push(`${id} is not made for a demo publisher of ${home}`);
    if (!members.some(({ code }) => code === home)) flaws.push(`${id} has unknown home ${home}`);
    if (!/（演示(?:，[^（）]+)?）$/u.test(name)) flaws.push(`${id} is not marked as a demonstration`);
    const known = rolesFromTexts(roles);
    if (!known.ok) flaws.push(`${id} has a role that is none`);
    else if (known.value.some(({ profile }) => !profiles.includes(profile)))
      flaws.push(`${id} names an unknown profile`);
    if (at > 0 && publishers[at - 1]!.id > id) flaws.push(`${id} is out of order`);
  });
  return flaws;
}

const titleOf = (file: SeedFile): string =>
  new Map(splitDocument(new TextDecoder().decode(file.bytes))?.meta).get('title') ?? '';
const issuerOf = (file: SeedFile): string =>
  new Map(splitDocument(new TextDecoder().decode(file.bytes))?.meta).get('issuer') ?? '';

/** Titles and numbers that two documents share. */
export function sharedNames({ documents }: Pick<SeedSet, 'documents'>): string[] {
  return [
    ...repeated(documents.map(titleOf)),
    ...repeated(documents.map(({ name }) => name.slice(0, 2))),
  ].map(value => `${value} is there twice`);
}

/** What is wrong with the follow-up actions: names, files, and actions on what is no longer in force. */
export function lifecycleFlaws(seeds: Omit<SeedSet, 'members' | 'publishers'>): string[] {
  const { documents, revisions, lifecycle } = seeds;
  const flaws: string[] = [];
  const ended = new Set<string>();
  const find = (files: readonly SeedFile[], name: string | null) => files.find(file => file.name === name);
  for (const { document, action, file, by, note } of lifecycle) {
    const subject = find(documents, document);
    const say = (flaw: string) => flaws.push(`${action} of ${document} ${flaw}`);
    if (subject === undefined) {
      say('is about no document');
      continue;
    }
    if (!FOLLOW_UPS.includes(action)) say('is no known action');
    if (!note.startsWith('演示')) say('has a note without its mark');
    if (ended.has(document)) say('comes after the end');
    if (action !== 'amend') ended.add(document);
    const order = find(documents, by);
    if (by !== null && (order === undefined || by === document)) say('is ordered by no other document');
    if (order !== undefined && issuerOf(order) !== issuerOf(subject)) say('is ordered by another issuer');
    const text = find(revisions, file?.replace(/^revisions\//, '') ?? null);
    if (file !== null && text === undefined) say('brings no file');
    if (action === 'amend' && file === null) say('brings no new text');
    if (text !== undefined && titleOf(text) !== titleOf(subject)) say('brings a text of another title');
    if (text !== undefined && issuerOf(text) !== issuerOf(subject)) say('brings a text of another issuer');
  }
  const used = new Set(lifecycle.map(({ file }) => file));
  for (const { name } of revisions) if (!used.has(`revisions/${name}`)) flaws.push(`${name} is never used`);
  return flaws;
}
