import type { Entry, MetaValue } from '../records/entry.ts';
import { personalIn } from '../records/personal-data.ts';
import type { EntryFlaw } from './check-fields.ts';
import type { ActionRules } from './profile-rules.ts';

/**
 * A text of a person found in an entry's free texts, or null: its subject's id, its fields of type `text` and `texts` and its
 * origin. Fields with a format of their own are not looked at: a bill's or a company's number is no person's.
 */
export function personalDataFlaw({ fields }: ActionRules, entry: Entry): EntryFlaw | null {
  const { subject, meta, origin } = entry;
  const typed = [...meta].filter(([name]) => ['text', 'texts'].includes(fields.get(name)?.type ?? ''));
  const places: readonly (readonly [place: string, value: MetaValue])[] = [
    ['the subject', subject.id],
    ...typed.map(([name, value]) => [`field ${name}`, value] as const),
    ['the origin', origin === null ? null : [origin.method, origin.tool, origin.operator]],
  ];
  for (const [place, value] of places) {
    const texts = (Array.isArray(value) ? value : [value]).filter(text => typeof text === 'string');
    const found = texts.map(personalIn).find(what => what !== null);
    // The sentence does not repeat what must not be known.
    if (found !== undefined) return { code: 'personal-data', detail: `${place} holds ${found} of a person` };
  }
  return null;
}
