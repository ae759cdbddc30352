import { type Lang, shellMessages } from '@qifeng/core';

/** What has a name for programs and a title for people, as profiles, states, actions and fields do. */
export interface Titled {
  readonly name: string;
  readonly title: Readonly<Record<Lang, string>>;
}

/** The names that something typed stands for: its own, else of those with this title in either language; each once. */
export function namesTyped(typed: string, known: Iterable<Titled>): readonly string[] {
  const all = [...known];
  if (all.some(({ name }) => name === typed)) return [typed];
  const titled = all.filter(({ title }) => title.zh === typed || title.en === typed);
  return [...new Set(titled.map(({ name }) => name))];
}

/** What can be typed: each with its title, by name once. */
export function choiceText(known: Iterable<Titled>, lang: Lang): string {
  const titles = new Map<string, string>();
  for (const { name, title } of known) titles.set(name, titles.get(name) ?? title[lang]);
  return [...titles].map(([name, title]) => `${name} (${title})`).join(shellMessages(lang).listSeparator);
}
