import { NodeClient, type PublisherView } from '@qifeng/client';
import { decode, genesisCodec, isUscc, ROUTES } from '@qifeng/core';
import { button, byId, el } from './page/dom.ts';
import { keptByBrowser } from './page/kept.ts';
import { type Called, type Listed, publishersTable } from './page/publishers-view.ts';
import { listenForLanguage, showTexts } from './page/texts.ts';
import { startLanguage } from './words/language.ts';
import { pageWords } from './words/page-words.ts';
import { publishersWords } from './words/publishers-words.ts';

/** Publishers that are shown at once, and that a press on the button adds. */
const PAGE = 50;

/** What the list shows; `failed` is why it goes no further, null while it does. */
type State =
  | { readonly kind: 'loading' }
  | ({ readonly kind: 'listed'; readonly failed: string | null } & Listed);

const client = new NodeClient({ nodes: [location.origin] });
const kept = keptByBrowser();
let lang = startLanguage(kept, navigator.languages);
let called: Called = { members: new Map(), profiles: new Map() };
let state: State = { kind: 'loading' };
/** What was asked for: a code, words of names, or all. */
let sought = '';
let source: AsyncIterator<PublisherView> = found();
/** One that was read already, and shows that there are more. */
let next: PublisherView | null = null;
/** Counts the questions, so that a late answer to an old one is not shown. */
let turn = 0;
let isReading = false;

/** The publishers that were asked for, in order of their codes, from the one after `after` on. */
async function* found(after?: string): AsyncGenerator<PublisherView> {
  const code = sought.toUpperCase();
  if (sought === '') yield* client.publishers(after);
  else if (isUscc(code)) {
    const publisher = await client.publisher(code);
    if (publisher !== null) yield publisher;
  } else if (ROUTES.publishers.query.name.parse(sought) !== null) yield* client.publishers(after, sought);
}

/** Adds a page to what is shown. */
async function readOn(before: readonly PublisherView[]): Promise<void> {
  const mine = ++turn;
  isReading = true;
  const publishers = [...before];
  let failed: string | null = null;
  try {
    for (let count = 0; count <= PAGE; count++) {
      const read = next ?? (await source.next()).value ?? null;
      if (mine !== turn) return;
      next = null;
      if (read === null) break;
      if (count === PAGE) next = read;
      else publishers.push(read);
    }
  } catch (error) {
    if (mine !== turn) return;
    failed = error instanceof Error ? error.message : String(error);
    source = found(publishers.at(-1)?.id);
  }
  isReading = false;
  show({ kind: 'listed', publishers, hasMore: next !== null || failed !== null, failed });
  // The button that was pressed is gone.
  if (before.length > 0) focusRow(before.length);
}

function focusRow(index: number): void {
  const heading = byId('publishers').querySelectorAll<HTMLElement>('tbody th')[index];
  heading?.setAttribute('tabindex', '-1');
  heading?.focus();
}

function show(what: State): void {
  state = what;
  const words = publishersWords(lang);
  const said = byId('count');
  const place = byId('publishers');
  if (state.kind === 'loading') {
    said.textContent = words.loading;
    place.replaceChildren();
    return;
  }
  const { publishers, hasMore, failed } = state;
  if (failed !== null) said.textContent = words.failed(failed);
  else if (publishers.length === 0) said.textContent = words.none;
  else said.textContent = (hasMore ? words.shownMore : words.shown)(publishers.length);
  const more = button(failed === null ? words.more : words.again, 'strong', () => {
    more.disabled = true;
    if (!isReading) void readOn(publishers);
  });
  place.replaceChildren(
    ...(publishers.length === 0
      ? []
      : [el('div', { class: 'scroll' }, publishersTable(publishers, called, lang))]),
    ...(hasMore ? [more] : []),
  );
}

/** Names of provinces and profiles, which are for reading: without them codes and short names say the same. */
async function askNames(): Promise<void> {
  const view = await client.members().catch(() => null);
  const answer = await fetch('/genesis.cbor').catch(() => null);
  const genesis = answer?.ok ? decode(genesisCodec, new Uint8Array(await answer.arrayBuffer())) : null;
  called = {
    members: new Map(
      view?.members.map(({ code, nameZh, nameEn }) => [code, { zh: nameZh, en: nameEn }] as const),
    ),
    profiles: new Map(
      genesis?.ok ? genesis.value.profiles.map(({ name, title }) => [name, title] as const) : [],
    ),
  };
  show(state);
}

function showAll(): void {
  showTexts({ ...pageWords(lang), ...publishersWords(lang) }, lang);
  show(state);
}

byId('find').addEventListener('submit', event => {
  event.preventDefault();
  sought = byId<HTMLInputElement>('name').value.trim();
  source = found();
  next = null;
  show({ kind: 'loading' });
  void readOn([]);
});
listenForLanguage(
  kept,
  () => lang,
  chosen => {
    lang = chosen;
    showAll();
  },
);
showAll();
void readOn([]);
void askNames();
