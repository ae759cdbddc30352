import { keepLanguage, type Lang, tagOf } from '../words/language.ts';
import { byId } from './dom.ts';
import type { Kept } from './kept.ts';

/** Puts texts into the places that name them in `data-text`, and says everywhere in which language the page is. */
export function showTexts(
  texts: Readonly<Record<string, unknown>> & { readonly pageTitle: string; readonly otherLanguage: string },
  lang: Lang,
): void {
  document.documentElement.lang = tagOf(lang);
  document.title = texts.pageTitle;
  for (const place of document.querySelectorAll<HTMLElement>('[data-text]'))
    place.textContent = String(texts[place.dataset['text']!]);
  const other = byId('language');
  other.textContent = texts.otherLanguage;
  other.lang = tagOf(otherThan(lang));
}

/** Calls `changed` with the other language when its button is pressed, and keeps it for the next visit. */
export function listenForLanguage(kept: Kept, present: () => Lang, changed: (lang: Lang) => void): void {
  byId('language').addEventListener('click', () => {
    const next = otherThan(present());
    keepLanguage(kept, next);
    changed(next);
  });
}

function otherThan(lang: Lang): Lang {
  return lang === 'zh' ? 'en' : 'zh';
}
