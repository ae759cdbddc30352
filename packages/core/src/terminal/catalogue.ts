/** The languages of everything a person reads. */
export type Lang = 'zh' | 'en';

/**
 * The texts of one part of the program, in both languages: the compiler refuses a key that only one of them has.
 * Each command keeps its own, beside its handler.
 */
export function catalogue<T extends object>(en: T, zh: NoInfer<T>): (lang: Lang) => T {
  return lang => (lang === 'zh' ? zh : en);
}
