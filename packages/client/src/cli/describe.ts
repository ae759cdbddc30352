import {
  type Chain,
  catalogue,
  type Entry,
  GOVERNANCE,
  type Lang,
  type MetaValue,
  type Row,
  toHex,
} from '@qifeng/core';
import type { Names } from '../register/register.ts';

const describeMessages = catalogue(
  {
    label: 'profile',
    registered: (profile: string, version: number, record: number) =>
      `${profile}: not in the genesis; version ${version}, as record ${record} registered it`,
    notKnown: (profile: string) =>
      `${profile}: not in the genesis, so that its title, and what its states mean, are not known here; a node that is asked proves them`,
    outdated: (profile: string, version: number, state: string) =>
      `${profile}: version ${version}, the newest that is known here, has no state “${state}”; a node that is asked (--node URL) proves the version that has it`,
  },
  {
    label: '业务类型',
    registered: (profile: string, version: number, record: number) =>
      `${profile}：不在创世文件中，依第 ${record} 号记录登记的第 ${version} 版`,
    notKnown: (profile: string) =>
      `${profile}：不在创世文件中，其名称及各状态的含义在此不得而知；联网查询节点即可证明`,
    outdated: (profile: string, version: number, state: string) =>
      `${profile}：此处所知最新的第 ${version} 版没有状态“${state}”，应另有新版；联网查询节点（--node URL）即可取得并证明`,
  },
);

/** Name of a member in the person's language, its code alone where the genesis has none. */
export function memberName(code: string, chain: Chain, lang: Lang): string {
  const member = chain.genesis.members.find(({ code: known }) => known === code);
  if (member === undefined) return code;
  return `${lang === 'zh' ? member.nameZh : member.nameEn} ${code}`;
}

/** A publisher for a person: name and code, or the code alone. */
export function publisherText(id: string, names: Names | null): string {
  const name = names?.publisher(id) ?? null;
  return name === null ? id : `${name} (${id})`;
}

/** Profile and action, by their titles where the profile is known. */
export function actionText(
  { profile, action }: Pick<Entry, 'profile' | 'action'>,
  names: Names | null,
  lang: Lang,
): string {
  const known = names?.profile(profile)?.profile;
  const deed = known?.actions.find(({ name }) => name === action);
  return `${known?.title[lang] ?? profile} · ${deed?.title[lang] ?? action}`;
}

/** A metadata value on one line. */
export function metaText(value: MetaValue): string {
  if (value instanceof Uint8Array) return toHex(value);
  return typeof value === 'object' && value !== null ? `[${value.map(metaText).join(', ')}]` : String(value);
}

/** What there is to say of a profile that is not as the genesis has it: where it comes from, or that it is not known; else null. */
export function profileRow(profile: string, names: Names | null, lang: Lang): Row {
  const words = describeMessages(lang);
  if (names === null || profile === GOVERNANCE) return [words.label, null];
  const known = names.profile(profile);
  if (known === null) return [words.label, words.notKnown(profile)];
  const { record } = known;
  return [words.label, record === null ? null : words.registered(profile, known.profile.version, record)];
}

/** That a state is none of a profile as it is known here, so that there is a newer version of that; else null. */
export function outdatedRow(profile: string, state: string | null, names: Names, lang: Lang): Row {
  const words = describeMessages(lang);
  const known = names.profile(profile)?.profile ?? null;
  const isKnown = state === null || known === null || known.states.some(({ name }) => name === state);
  return [words.label, isKnown ? null : words.outdated(profile, known.version, state)];
}

/** The same for programs: null where the profile is not known, `record` null where it is as the genesis has it. */
export function profileJson(profile: string, names: Names) {
  const known = names.profile(profile);
  return known && { version: known.profile.version, title: known.profile.title, record: known.record };
}

/** A state by its title where the profile is known. */
export function stateText(profile: string, state: string, names: Names | null, lang: Lang): string {
  const known = names?.profile(profile)?.profile;
  return known?.states.find(({ name }) => name === state)?.title[lang] ?? state;
}
