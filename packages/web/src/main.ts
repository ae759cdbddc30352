import { startChecker } from './check/checker.ts';
import type { Wanted } from './check/messages.ts';
import { byId } from './page/dom.ts';
import { type Chosen, listenForFiles, NOTHING, withMore } from './page/files.ts';
import { keptByBrowser } from './page/kept.ts';
import { digestInLink } from './page/link.ts';
import { showSlots } from './page/slots.ts';
import { listenForLanguage, showTexts } from './page/texts.ts';
import { viewTrust } from './page/trust-view.ts';
import { type Missing, type Verdict, viewVerdict } from './page/verdict-view.ts';
import { forgetPin, keepPin, readPin } from './trust/pin.ts';
import { chainOf, judgeOffer, type Offer, type Source } from './trust/trust.ts';
import { startLanguage } from './words/language.ts';
import { type PageWords, pageWords } from './words/page-words.ts';

/** Bytes of a genesis at most, as core reads them: more is not even loaded. */
const MAX_GENESIS_BYTES = 4 * 1024 * 1024;

const kept = keptByBrowser();
let lang = startLanguage(kept, navigator.languages);
let chosen: Chosen = NOTHING;
/** The digest that the address asks about, as `alg:hex`. */
let asked = digestInLink(location.hash);
let offer: Offer | null = null;
let nodeOffer: Offer | null = null;
let asking = true;
let pin = readPin(kept);
let verdict: Verdict = { kind: 'waiting', for: 'both' };
/** Counts the questions, so that a late answer to an old one is not shown. */
let turn = 0;

const checker = startChecker(detail => show({ kind: 'broken', detail }));

function words(): PageWords {
  return pageWords(lang);
}

function announce(text: string): void {
  byId('announce').textContent = text;
}

/** What to ask by what is there, or what is missing: files go before the address. */
function wantedOf({ document, receipts, status }: Chosen, genesis: string): Wanted | Missing {
  const age = Number(byId<HTMLSelectElement>('max-age').value);
  const base = { genesis, now: Date.now(), maxAgeMs: age === 0 ? Number.POSITIVE_INFINITY : age, document };
  if (receipts.length === 0 && status === null) {
    if (asked !== null) return { ...base, kind: 'node', digest: asked };
    return document === null ? 'both' : 'receipt';
  }
  if (receipts.length > 1 && status === null) return 'status';
  return { ...base, kind: 'files', receipts, status };
}

/** Asks for a verdict as soon as everything for one is there. */
async function verify(): Promise<void> {
  const mine = ++turn;
  const trust = judgeOffer(offer, pin);
  const chain = chainOf(trust);
  const wanted = wantedOf(chosen, chain?.hash ?? '');
  if (typeof wanted === 'string' || chain === null) {
    show({ kind: 'waiting', for: typeof wanted === 'string' ? wanted : 'genesis' });
    return;
  }
  const asks = wanted.kind === 'node';
  show({ kind: 'working', share: 0, asks });
  const file = chosen.document ?? chosen.receipts[0] ?? chosen.status;
  const answer = await checker.ask(wanted, share => {
    if (mine === turn) show({ kind: 'working', share, asks });
  });
  if (mine !== turn) return;
  show({ kind: 'answer', answer, file: file?.name ?? '', pinned: trust.kind === 'trusted' });
  byId('verdict').scrollIntoView({ block: 'nearest' });
}

function show(next: Verdict): void {
  verdict = next;
  const { tone, said, nodes } = viewVerdict(verdict, lang);
  const place = byId('verdict');
  place.className = `verdict ${tone}`;
  place.replaceChildren(...nodes);
  announce(said);
}

function showChosen(): void {
  showSlots(chosen, words());
  byId('clear').hidden = chosen === NOTHING && asked === null;
}

function showTrust(): void {
  const place = byId('trust');
  if (asking && offer === null) {
    place.replaceChildren(words().genesisLoading);
    return;
  }
  const acts = {
    pin: () => {
      const chain = chainOf(judgeOffer(offer, pin));
      if (chain === null) return;
      const wanted = { hash: chain.hash, at: Date.now() };
      if (keepPin(kept, wanted)) pin = wanted;
      trustChanged();
      if (pin === null) announce(words().notKept);
    },
    forget: () => {
      forgetPin(kept);
      pin = null;
      trustChanged();
    },
    choose: () => byId('genesis').click(),
    back:
      offer?.source === 'file' && nodeOffer !== null
        ? () => {
            offer = nodeOffer;
            trustChanged();
          }
        : null,
  };
  place.replaceChildren(...viewTrust(judgeOffer(offer, pin), words(), acts));
}

/** After an act of the person: the button may be gone, so the focus goes to what took its place. */
function trustChanged(): void {
  showTrust();
  byId('trust').focus();
  void verify();
}

async function take(source: Source, bytes: Uint8Array | null): Promise<Offer> {
  if (bytes === null)
    return { source, chain: { code: 'too-big', detail: `more than ${MAX_GENESIS_BYTES} bytes` } };
  return { source, chain: await checker.genesis(bytes) };
}

async function takeGenesisFile(chosen: File): Promise<void> {
  const bytes = chosen.size > MAX_GENESIS_BYTES ? null : new Uint8Array(await chosen.arrayBuffer());
  offer = await take('file', bytes);
  trustChanged();
}

async function askNode(): Promise<void> {
  const answer = await fetch('/genesis.cbor').catch(() => null);
  if (answer?.ok) nodeOffer = await take('node', new Uint8Array(await answer.arrayBuffer()));
  asking = false;
  // A file that was chosen meanwhile stays.
  offer ??= nodeOffer;
  showTrust();
  void verify();
}

function showAll(): void {
  showTexts(words(), lang);
  showChosen();
  showTrust();
  show(verdict);
}

listenForLanguage(
  kept,
  () => lang,
  chosen => {
    lang = chosen;
    showAll();
  },
);
listenForFiles(taken => {
  if (taken.document !== null || taken.receipts.length > 0 || taken.status !== null)
    chosen = withMore(chosen, taken);
  showChosen();
  if (taken.genesis === null) void verify();
  else void takeGenesisFile(taken.genesis);
});
byId('max-age').addEventListener('change', () => void verify());
byId('clear').addEventListener('click', () => {
  chosen = NOTHING;
  asked = null;
  history.replaceState(null, '', location.pathname);
  showChosen();
  byId('document').focus();
  void verify();
});
addEventListener('hashchange', () => {
  const digest = digestInLink(location.hash);
  // Other fragments are places on the page.
  if (digest === null) return;
  asked = digest;
  chosen = NOTHING;
  showChosen();
  void verify();
});
showAll();
void askNode();
