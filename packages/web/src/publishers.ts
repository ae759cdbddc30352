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

/** What the list shows. */
type State =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly why: string }
  | ({ readonly kind: 'listed' } & Listed);

const client = new NodeClient({ nodes: [location.origin] });
const kept = keptByBrowser();
let lang = startLanguage(kept, navigator.languages);
let called: Called = { members: new Map(), profiles: new Map() };
let state: State = { kind: 'loading' };
let source: AsyncIterator<PublisherView> = found('');
/** One that was read already, and shows that there are more. */
let next: PublisherView | null = null;
/** Counts the questions, so that a late answer to an old one is not shown. */
let turn = 0;

/** The publishers that a text finds: by its code, or those whose names have it, in order of their codes. */
async function* found(text: string): AsyncGenerator<PublisherView> {
  if (text === '') yield* client.publishers();
  else if (isUscc(text)) {
    const publisher = await client.publisher(text);
    if (publisher !== null) yield publisher;
  } else if (ROUTES.publishers.query.name.parse(text) !== null) yield* client.publishers(undefined, text);
}

/** Adds a page to what is shown. */
async function readOn(before: readonly PublisherView[]): Promise<void> {
  const mine = ++turn;
  try {
    const publishers = [...before];
    for (let count = 0; count <= PAGE; count++) {
      const read = next ?? (await source.next()).value ?? null;
      if (mine !== turn) return;
      next = null;
      if (read === null) break;
      if (count === PAGE) next = read;
      else publishers.push(read);
    }
    show({ kind: 'listed', publishers, hasMore: next !== null });
  } catch (error) {
    if (mine === turn) show({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
  }
}

function show(what: State): void {
  state = what;
  const words = publishersWords(lang);
  const said = byId('count');
  const place = byId('publishers');
  if (state.kind !== 'listed') {
    said.textContent = state.kind === 'loading' ? words.loading : words.failed(state.why);
    place.replaceChildren();
    return;
  }
  const { publishers, hasMore } = state;
  if (publishers.length === 0) said.textContent = words.none;
  else said.textContent = (hasMore ? words.shownMore : words.shown)(publishers.length);
  place.replaceChildren(
    ...(publishers.length === 0
      ? []
      : [el('div', { class: 'scroll' }, publishersTable(publishers, called, lang))]),
    ...(hasMore ? [button(words.more, 'strong', () => void readOn(publishers))] : []),
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
  source = found(byId<HTMLInputElement>('name').value.trim());
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
