import { type Lang, ORIGIN_PLACE } from '@qifeng/core';
import { placeText } from '../../disclosed.ts';
import { fieldText, fieldTitle } from '../../record-words.ts';
import type { Evidence } from './evidence.ts';

/** What the record says, with what the receipt opens where it is sealed. */
interface OpenedEntry {
  readonly title: string | null;
  /** All fields but the title, under their titles where the profile is known. */
  readonly fields: readonly (readonly [label: string, value: string])[];
  /** A field that holds text, by its name. */
  readonly text: (name: string) => string | null;
  /** What a sealed record keeps closed, by its titles. */
  readonly hidden: readonly string[];
  readonly isOriginHidden: boolean;
}

/** The entry of an examined record as a person reads it. */
export function openEntry({ receipt: { verified }, names }: Evidence, lang: Lang): OpenedEntry {
  const entry = verified.leaf.entry.value;
  const { meta } = verified.disclosed ?? entry;
  const text = (name: string) => {
    const value = meta.get(name);
    return typeof value === 'string' ? value : null;
  };
  const titled = text('title');
  const hidden = [...new Set((verified.disclosed?.hidden ?? []).map(placeText))];
  const others = [...meta].filter(([name]) => name !== 'title' || titled === null);
  return {
    title: titled,
    fields: others.map(([name, value]) => [
      fieldTitle(entry, name, names, lang),
      fieldText(entry, name, value, names, lang),
    ]),
    text,
    hidden: hidden.map(place => fieldTitle(entry, place, names, lang)),
    isOriginHidden: hidden.includes(ORIGIN_PLACE),
  };
}
