import {
  catalogue,
  type FileRole,
  fileRole,
  type HeldRecord,
  judgeShown,
  type Lang,
  type Link,
  type Row,
  type ShownVerdict,
  type Verdict,
  type VerifiedReceipt,
  type VerifiedStatus,
  verdictOf,
} from '@qifeng/core';
import type { Names } from '../register/register.ts';
import { actionText, outdatedRow, profileJson, stateText } from './describe.ts';
import { chinaIso } from './time.ts';

/** Texts about standings; the Chinese ones are those of the field. */
export const verdictMessages = catalogue(
  {
    words: {
      'never-recorded': 'Never recorded',
      'not-yet': 'Not yet in force',
      'in-force': 'In force',
      awaiting: 'Pending',
      suspended: 'Suspended',
      amended: 'Amended',
      superseded: 'Superseded',
      repealed: 'Repealed',
      lapsed: 'Lapsed',
      revoked: 'Revoked',
      used: 'Used',
      ended: 'Ended',
      other: 'Recorded',
    } satisfies Record<Verdict['word'], string>,
    standing: 'standing',
    verifying: 'verifying',
    proven: (what: string, time: string, count: number, of: number) =>
      `${what}, as of ${time}; proven, signed by ${count} of ${of} provinces`,
    relations: {
      'amended-by': 'amended by',
      'repealed-by': 'repealed by',
      'replaced-by': 'replaced by',
      'revoked-by': 'revoked by',
      'superseded-by': 'superseded by',
    } as Readonly<Record<string, string>>,
    record: (subject: string, index: number) => `${subject} (record ${index})`,
    valid: 'valid',
    validity: (from: string | null, to: string | null) => `from ${from ?? '…'} to ${to ?? '…'}`,
    until: (word: string, to: string, then: string) => `${word} (until ${to}, then ${then})`,
    awaiting: 'awaiting',
    undated: 'Its dates are not shown',
    notShown: 'not shown',
    enclosure: 'Enclosure',
    enclosed: (action: string) =>
      `this file accompanied the action “${action}”; it was never the text itself`,
  },
  {
    words: {
      'never-recorded': '从未上链',
      'not-yet': '尚未生效',
      'in-force': '有效',
      awaiting: '待完成',
      suspended: '已暂停',
      amended: '已修改',
      superseded: '已被取代',
      repealed: '废止',
      lapsed: '失效',
      revoked: '已撤销',
      used: '已使用',
      ended: '已终止',
      other: '已存证',
    },
    standing: '当前效力',
    verifying: '核验记录',
    proven: (what: string, time: string, count: number, of: number) =>
      `${what}（截至 ${time}；已证明，${of} 个省级节点中 ${count} 个联署）`,
    relations: {
      'amended-by': '修改依据',
      'repealed-by': '废止依据',
      'replaced-by': '由其取代',
      'revoked-by': '撤销依据',
      'superseded-by': '由其取代',
    },
    record: (subject: string, index: number) => `${subject}（第 ${index} 号记录）`,
    valid: '有效期',
    validity: (from: string | null, to: string | null) => `${from ?? '…'} 至 ${to ?? '…'}`,
    until: (word: string, to: string, then: string) => `${word}（至 ${to}，此后${then}）`,
    awaiting: '待会签机构',
    undated: '有效期未全部出示',
    notShown: '未出示',
    enclosure: '办理附件',
    enclosed: (action: string) => `本文件系“${action}”的附件，从未作为标的文本`,
  },
);

/** The verdict that a subject's status proof gives, at the time of its checkpoint. */
export function verdictIn({ asked, value, last, asOf }: VerifiedStatus<'subject'>, names: Names): Verdict {
  const profile = names.profile(asked.profile)?.profile ?? null;
  return verdictOf(value, last?.leaf ?? null, profile, asOf);
}

/** The same by the dates too that the receipt of a record of it shows; null for none. */
export function verdictWith(
  status: VerifiedStatus<'subject'>,
  names: Names,
  held: HeldRecord | null,
): ShownVerdict {
  const profile = names.profile(status.asked.profile)?.profile ?? null;
  return judgeShown(verdictIn(status, names), held, profile, status.value?.head ?? null, status.asOf);
}

/** What the file of a record is to its subject, by a proof about that. */
export function roleIn(
  record: Pick<VerifiedReceipt, 'index' | 'leaf'>,
  { asked, value }: VerifiedStatus<'subject'>,
  names: Names,
): FileRole {
  return fileRole(record, value, names.profile(asked.profile)?.profile ?? null);
}

/** The record whose dates are those of the present text: this one if its file is that, else the last, which opens nothing. */
export function datingRecord(
  record: HeldRecord,
  status: VerifiedStatus<'subject'>,
  names: Names,
): HeldRecord | null {
  return roleIn(record, status, names) === 'present' ? record : status.last;
}

/** What the file of a record is to its subject for programs; `current` is that it is the text. */
export function roleJson(...asked: Parameters<typeof roleIn>) {
  const role = roleIn(...asked);
  return { role, current: role === 'present' };
}

/** That the file of a record only accompanied its action, for a person. */
export function enclosedText(
  { leaf: { entry } }: Pick<VerifiedReceipt, 'leaf'>,
  names: Names,
  lang: Lang,
): string {
  return verdictMessages(lang).enclosed(actionText(entry.value, names, lang));
}

/** A verdict for a person: its word, until when and what then, or else the state by its title where that is another word. */
export function verdictText(
  { word, next, until }: Pick<Verdict, 'word' | 'next'> & { readonly until: string | null },
  state: string | null,
  lang: Lang,
): string {
  const words = verdictMessages(lang);
  const what = words.words[word];
  if (next !== null && until !== null) return words.until(what, until, words.words[next]);
  return state === null || state === what ? what : `${what} (${state})`;
}

/**
 * Where a subject stands, for a person: the verdict, by the dates too that `held` shows, its time and who signed it, and what else
 * the proof says.
 */
export function standingRows(
  status: VerifiedStatus<'subject'>,
  names: Names,
  lang: Lang,
  held: HeldRecord | null = null,
): readonly Row[] {
  const words = verdictMessages(lang);
  const { asked, value } = status;
  const { verdict, undisclosed } = verdictWith(status, names, held);
  const { word, next, by } = verdict;
  const state = value && stateText(asked.profile, value.state, names, lang);
  const told = verdictText({ word, next, until: value?.validTo ?? null }, state, lang);
  const shown = undisclosed.length > 0 ? words.undated : told;
  const dates = value !== null && (value.validFrom !== null || value.validTo !== null);
  return [
    [words.standing, provenText(shown, status, lang)],
    outdatedRow(asked.profile, value?.state ?? null, names, lang),
    ...by.map(
      (link): Row => [words.relations[link.rel] ?? link.rel, words.record(linkText(link), link.index)],
    ),
    [words.notShown, undisclosed.length > 0 ? undisclosed.join(' ') : null],
    [words.valid, dates ? words.validity(value.validFrom, value.validTo) : null],
    [words.awaiting, value !== null && value.awaiting.length > 0 ? value.awaiting.join(' ') : null],
  ];
}

/** Something proven, with the time it is of and who signed. */
export function provenText(what: string, status: VerifiedStatus, lang: Lang): string {
  const { asOf, cosigners, validators } = status;
  return verdictMessages(lang).proven(what, chinaIso(asOf), cosigners.length, validators);
}

/**
 * A proven standing for programs, judged by the dates too that `held` shows; `undisclosed` are those that it does not, without which
 * it is not said to be in force. Times in ms, `value` as the state has it.
 */
export function standingJson(
  status: VerifiedStatus<'subject'>,
  names: Names,
  held: HeldRecord | null = null,
) {
  const { asked, value } = status;
  const { verdict, undisclosed } = verdictWith(status, names, held);
  const { word, inForce, next, by } = verdict;
  return {
    profile: asked.profile,
    definition: profileJson(asked.profile, names),
    issuer: asked.subject.issuer,
    id: asked.subject.id,
    verdict: word,
    inForce: inForce && undisclosed.length === 0,
    undisclosed,
    next,
    by,
    state: value?.state ?? null,
    head: value?.head ?? null,
    version: value?.version ?? 0,
    owner: value?.owner ?? null,
    digest: value?.digest ?? null,
    validFrom: value?.validFrom ?? null,
    validTo: value?.validTo ?? null,
    awaiting: value?.awaiting ?? [],
    ...asOfJson(status),
  };
}

/** What a proof is as of, for programs. */
export function asOfJson({ asOf, checkpoint, cosigners }: VerifiedStatus) {
  return {
    asOf: { time: asOf, height: checkpoint.height, size: checkpoint.size },
    cosigners: cosigners.map(({ code }) => code),
    proven: true,
  };
}

function linkText({ subject: { issuer, id } }: Link): string {
  return `${issuer}/${id}`;
}
