import { type Chain, type Entry, type Lang, type MetaValue, toHex } from '@qifeng/core';

/** Name of a member in the person's language, its code alone where the genesis has none. */
export function memberName(code: string, chain: Chain, lang: Lang): string {
  const member = chain.genesis.members.find(({ code: known }) => known === code);
  if (member === undefined) return code;
  return `${lang === 'zh' ? member.nameZh : member.nameEn} ${code}`;
}

/** Name of a publisher that the genesis enrols, else null. */
export function publisherName(id: string, chain: Chain | null): string | null {
  return chain?.genesis.publishers.find(publisher => publisher.id === id)?.name ?? null;
}

/** A publisher for a person: name and code, or the code alone. */
export function publisherText(id: string, chain: Chain | null): string {
  const name = publisherName(id, chain);
  return name === null ? id : `${name} (${id})`;
}

/** Profile and action, by their titles where the genesis holds the profile. */
export function actionText(
  { profile, action }: Pick<Entry, 'profile' | 'action'>,
  chain: Chain | null,
  lang: Lang,
): string {
  const known = chain?.genesis.profiles.find(({ name }) => name === profile);
  const deed = known?.actions.find(({ name }) => name === action);
  return `${known?.title[lang] ?? profile} · ${deed?.title[lang] ?? action}`;
}

/** The path that `act` and `history` take: profile/issuer/id, parts percent-encoded only where they must be. */
export function subjectText({ profile, subject }: Pick<Entry, 'profile' | 'subject'>): string {
  return `${profile}/${subject.issuer}/${subject.id.replace(/[%/]/g, encodeURIComponent)}`;
}

/** A metadata value on one line. */
export function metaText(value: MetaValue): string {
  if (value instanceof Uint8Array) return toHex(value);
  return typeof value === 'object' && value !== null ? `[${value.map(metaText).join(', ')}]` : String(value);
}

/** A state by its title where the genesis holds the profile. */
export function stateText(profile: string, state: string, chain: Chain | null, lang: Lang): string {
  const known = chain?.genesis.profiles.find(({ name }) => name === profile);
  return known?.states.find(({ name }) => name === state)?.title[lang] ?? state;
}
