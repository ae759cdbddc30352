import type { ChainFacts } from '../check/facts.ts';
import type { Trust } from '../trust/trust.ts';
import type { PageWords } from '../words/page-words.ts';
import { button, el, hashText, rows } from './dom.ts';
import { localTime, visible } from './text.ts';

/** What a person can do about the genesis. */
export interface TrustActs {
  readonly pin: () => void;
  readonly forget: () => void;
  readonly choose: () => void;
  /** Back to the node's genesis after choosing a file; null where there is none to go back to. */
  readonly back: (() => void) | null;
}

/** Shows what is verified against, where it came from, and what can be done about it. */
export function viewTrust(trust: Trust, words: PageWords, acts: TrustActs): readonly Node[] {
  const choose = button(words.chooseGenesis, 'quiet', acts.choose);
  const forget = () => button(words.forget, 'quiet', acts.forget);
  const back = acts.back === null ? null : button(words.backToNode, 'quiet', acts.back);
  if (trust.kind === 'none') {
    const text = trust.pin === null ? words.genesisNone : words.genesisNoneBut(trust.pin.hash);
    return [notice('warn', text), bar(choose, trust.pin && forget())];
  }
  if (trust.kind === 'bad') {
    const { code, detail } = trust.fault;
    return [alarm(words.badGenesis, `${code}: ${visible(detail)}`), bar(choose, back)];
  }
  if (trust.kind === 'contradicts') {
    const what = trust.source === 'node' ? words.contradictsNode : words.contradictsFile;
    const hashes = rows([
      [words.pinnedHash, hashText(trust.pin.hash)],
      [words.offeredHash, hashText(trust.chain.hash)],
    ]);
    return [alarm(what, words.contradictsNext), hashes, bar(choose, back, forget())];
  }
  if (trust.kind === 'trusted') {
    const day = localTime(trust.pin.at).slice(0, 10);
    return [badge('good', words.pinned(day)), facts(trust.chain, words), bar(choose, back, forget())];
  }
  const [what, next] =
    trust.source === 'node' ? [words.fromNode, words.fromNodeNext] : [words.fromFile, words.fromFileNext];
  return [
    badge('warn', what),
    facts(trust.chain, words),
    el('p', { class: 'small' }, next),
    bar(button(words.pin, 'strong', acts.pin), choose, back),
  ];
}

function facts(chain: ChainFacts, words: PageWords): HTMLElement {
  const name = el('strong', { class: 'chain-name' }, visible(chain.name));
  const hash = el('p', { class: 'chain-hash' }, el('span', {}, words.hash), ' ', hashText(chain.hash));
  return el('div', { class: 'chain' }, name, el('span', {}, words.provinces(chain.validators)), hash);
}

function badge(tone: 'good' | 'warn', text: string): HTMLElement {
  const mark = el('span', { class: 'mark', 'aria-hidden': 'true' }, tone === 'good' ? '✓' : '!');
  return el('p', { class: `badge ${tone}` }, mark, text);
}

function notice(tone: string, text: string): HTMLElement {
  return el('p', { class: `notice ${tone}` }, text);
}

function alarm(what: string, next: string): HTMLElement {
  return el('div', { class: 'notice bad', role: 'alert' }, el('strong', {}, what), el('p', {}, next));
}

function bar(...buttons: readonly (HTMLElement | null)[]): HTMLElement {
  return el('div', { class: 'buttons' }, ...buttons);
}
