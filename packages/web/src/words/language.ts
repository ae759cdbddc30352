import type { Kept } from '../page/kept.ts';

/** The languages of the page. */
export const LANGUAGES = ['zh', 'en'] as const;
/** One of them. */
export type Lang = (typeof LANGUAGES)[number];

const KEY = 'qifeng.lang';

/** The texts of one part of the page in both languages: the compiler refuses a key that only one of them has. */
export function catalogue<T extends object>(en: T, zh: NoInfer<T>): (lang: Lang) => T {
  return lang => (lang === 'zh' ? zh : en);
}

/** What was chosen before, else the first of the browser's languages that we have, else English. */
export function startLanguage(storage: Kept, wanted: readonly string[]): Lang {
  const kept = LANGUAGES.find(lang => lang === storage.getItem(KEY));
  const known = wanted.map(tag => LANGUAGES.find(lang => tag.toLowerCase().split('-')[0] === lang));
  return kept ?? known.find(lang => lang !== undefined) ?? 'en';
}

/** Keeps a choice of language; where the browser keeps nothing it holds until the page is left. */
export function keepLanguage(storage: Kept, lang: Lang): void {
  try {
    storage.setItem(KEY, lang);
  } catch {
    // Nothing depends on it.
  }
}

/** The tag of a language for `lang` attributes. */
export function tagOf(lang: Lang): string {
  return lang === 'zh' ? 'zh-CN' : 'en';
}
