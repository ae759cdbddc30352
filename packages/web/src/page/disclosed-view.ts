import type { DisclosedFacts, PlaceFacts } from '../check/facts.ts';
import type { Lang } from '../words/language.ts';
import { proofWords, standingWords } from '../words/standing-words.ts';
import { el } from './dom.ts';
import { bdi, named } from './parts.ts';

/** What a receipt opens of a sealed record, and the names of what it does not. */
export function disclosedView({ places, validity }: DisclosedFacts, lang: Lang): HTMLElement {
  const words = standingWords(lang);
  const proof = proofWords(lang);
  const dates = validity && words.validity(validity.from, validity.to);
  return el(
    'section',
    { class: 'disclosed' },
    el('h3', {}, proof.disclosedHeading),
    el('p', { class: 'small' }, proof.disclosedLead),
    el('ul', { class: 'places' }, ...places.map(place => placeItem(place, lang))),
    validity && el('p', {}, `${words.valid} ${proof.today(dates!, words.words[validity.word])}`),
  );
}

function placeItem(place: PlaceFacts, lang: Lang): HTMLElement {
  const { hidden, flaw } = standingWords(lang);
  const shown = place.value !== null;
  const [state, mark] = !shown ? ['unknown', '–'] : place.flaw === null ? ['good', '✓'] : ['bad', '✗'];
  return el(
    'li',
    { class: state },
    el('span', { class: 'mark', 'aria-hidden': 'true' }, mark),
    el('strong', {}, nameOf(place, lang)),
    shown ? bdi(place.value) : el('span', { class: 'redacted' }, el('span', {}, hidden)),
    place.flaw && el('span', { class: 'small' }, ` ${flaw}: ${place.flaw}`),
  );
}

function nameOf({ place, title }: PlaceFacts, lang: Lang): string {
  const words = standingWords(lang);
  if (title !== null) return named(title, lang);
  const number = /^link (\d+)$/.exec(place)?.[1];
  if (number !== undefined) return `${words.link} ${Number(number) + 1}`;
  if (place === 'digest') return words.file;
  return place === 'origin' ? words.origin : place;
}
