import { startChecker } from './check/checker.ts';
import { byId } from './page/dom.ts';
import { listenForFiles } from './page/files.ts';
import { keptByBrowser } from './page/kept.ts';
import { sizeText, visible } from './page/text.ts';
import { viewTrust } from './page/trust-view.ts';
import { type Verdict, viewVerdict } from './page/verdict-view.ts';
import { forgetPin, keepPin, readPin } from './trust/pin.ts';
import { chainOf, judgeOffer, type Offer, type Source } from './trust/trust.ts';
import { keepLanguage, startLanguage, tagOf } from './words/language.ts';
import { type PageWords, pageWords } from './words/page-words.ts';

/** Bytes of a genesis at most, as core reads them: more is not even loaded. */
const MAX_GENESIS_BYTES = 4 * 1024 * 1024;

const kept = keptByBrowser();
let lang = startLanguage(kept, navigator.languages);
let file: File | null = null;
let receipt: File | null = null;
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

/** Asks for a verdict as soon as everything for one is there. */
async function verify(): Promise<void> {
  const mine = ++turn;
  const trust = judgeOffer(offer, pin);
  const chain = chainOf(trust);
  if (file === null || receipt === null) {
    const missing = file !== null ? 'receipt' : receipt !== null ? 'document' : 'both';
    show({ kind: 'waiting', for: missing });
    return;
  }
  if (chain === null) {
    show({ kind: 'waiting', for: 'genesis' });
    return;
  }
  show({ kind: 'working', share: 0 });
  const { name } = file;
  const answer = await checker.verify({ genesis: chain.hash, file, receipt }, share => {
    if (mine === turn) show({ kind: 'working', share });
  });
  if (mine !== turn) return;
  show({ kind: 'answer', answer, file: name, pinned: trust.kind === 'trusted' });
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

function showSlots(): void {
  for (const [id, chosen] of [
    ['document', file],
    ['receipt', receipt],
  ] as const) {
    byId(`${id}-slot`).classList.toggle('filled', chosen !== null);
    byId(`${id}-name`).textContent =
      chosen === null ? '' : `${visible(chosen.name)} · ${sizeText(chosen.size)}`;
    byId(`${id}-button`).textContent = chosen === null ? words().choose : words().chooseOther;
  }
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
  const texts = words();
  document.documentElement.lang = tagOf(lang);
  document.title = texts.pageTitle;
  for (const place of document.querySelectorAll<HTMLElement>('[data-text]'))
    place.textContent = String(texts[place.dataset['text'] as keyof PageWords]);
  const other = byId('language');
  other.textContent = texts.otherLanguage;
  other.lang = tagOf(lang === 'zh' ? 'en' : 'zh');
  showSlots();
  showTrust();
  show(verdict);
}

byId('language').addEventListener('click', () => {
  lang = lang === 'zh' ? 'en' : 'zh';
  keepLanguage(kept, lang);
  showAll();
});
listenForFiles(taken => {
  file = taken.document ?? file;
  receipt = taken.receipt ?? receipt;
  showSlots();
  if (taken.genesis === null) void verify();
  else void takeGenesisFile(taken.genesis);
});
showAll();
void askNode();
