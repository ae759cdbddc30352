import type { Lang, MetaValue, Profile } from '@qifeng/core';
import { placeText } from '../../disclosed.ts';
import type { Evidence } from './evidence.ts';

/** What the record says, with what the receipt opens where it is sealed. */
interface OpenedEntry {
  readonly title: string | null;
  /** All fields but the title, under their titles where the profile is known. */
  readonly fields: readonly (readonly [label: string, value: MetaValue])[];
  /** A field that holds text, by its name. */
  readonly text: (name: string) => string | null;
  /** Names of what a sealed record keeps closed. */
  readonly hidden: readonly string[];
}

/** The entry of an examined record as a person reads it. */
export function openEntry({ receipt: { verified }, names }: Evidence, lang: Lang): OpenedEntry {
  const entry = verified.leaf.entry.value;
  const { meta } = verified.disclosed ?? entry;
  const profile = names.profile(entry.profile)?.profile;
  const text = (name: string) => {
    const value = meta.get(name);
    return typeof value === 'string' ? value : null;
  };
  const titled = text('title');
  const others = [...meta].filter(([name]) => name !== 'title' || titled === null);
  return {
    title: titled,
    fields: others.map(([name, value]) => [fieldTitle(profile, entry.action, name, lang), value]),
    text,
    hidden: [...new Set((verified.disclosed?.hidden ?? []).map(placeText))],
  };
}

function fieldTitle(profile: Profile | undefined, action: string, name: string, lang: Lang): string {
  const fields = profile?.actions.find(known => known.name === action)?.fields;
  return fields?.find(field => field.name === name)?.title[lang] ?? name;
}
