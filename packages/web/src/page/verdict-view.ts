import type { Answer } from '../check/checker.ts';
import type { Outcome } from '../check/outcome.ts';
import { explainFault } from '../words/fault-words.ts';
import type { Lang } from '../words/language.ts';
import { pageWords } from '../words/page-words.ts';
import { recordWords } from '../words/record-words.ts';
import { proofWords } from '../words/standing-words.ts';
import { el, rows } from './dom.ts';
import { banner, bdi, evidence, heading } from './parts.ts';
import { viewRecord } from './record-view.ts';
import { viewState, viewWord } from './state-view.ts';
import { visible } from './text.ts';
import type { VerdictView } from './view.ts';

/** What a verdict waits for. */
export type Missing = 'both' | 'receipt' | 'status' | 'genesis';

/**
 * What the verdict's part of the page shows. `file` is the name of the document, or of the proof where there is none; `pinned`
 * says whether the genesis was.
 */
export type Verdict =
  | { readonly kind: 'waiting'; readonly for: Missing }
  | { readonly kind: 'working'; readonly share: number; readonly asks: boolean }
  | { readonly kind: 'broken'; readonly detail: string }
  | { readonly kind: 'answer'; readonly answer: Answer; readonly file: string; readonly pinned: boolean };

/** Shows a verdict in a language. */
export function viewVerdict(verdict: Verdict, lang: Lang): VerdictView {
  const words = pageWords(lang);
  if (verdict.kind === 'waiting') {
    const said = {
      both: words.waitingBoth,
      receipt: words.waitingReceipt,
      status: words.waitingStatus,
      genesis: words.waitingGenesis,
    }[verdict.for];
    return { tone: 'idle', said: '', nodes: [heading(words.waitingHeading), el('p', {}, said)] };
  }
  if (verdict.kind === 'working') return working(verdict, lang);
  if (verdict.kind === 'broken') return trouble(words.broken, words.brokenNext, verdict.detail, lang);
  return viewAnswer(verdict, lang);
}

function viewAnswer({ answer, file, pinned }: Extract<Verdict, { kind: 'answer' }>, lang: Lang): VerdictView {
  const words = pageWords(lang);
  const name = visible(file);
  switch (answer.kind) {
    case 'unreadable':
      return trouble(words.unreadable, words.unreadableNext, answer.detail, lang);
    case 'no-answer': {
      const { noAnswer, noAnswerNext } = proofWords(lang);
      return trouble(noAnswer, noAnswerNext, answer.detail, lang);
    }
    case 'record':
      return viewRecord(answer, name, pinned, lang);
    case 'state':
      return viewState(answer, name, pinned, lang);
    case 'word':
      return viewWord(answer, lang);
    case 'refuted':
      return refuted(answer, name, lang);
  }
}

function working({ share, asks }: Extract<Verdict, { kind: 'working' }>, lang: Lang): VerdictView {
  const words = pageWords(lang);
  const percent = Math.floor(share * 100);
  const start = asks ? words.asking : words.working;
  const label = share === 0 ? start : words.hashing(percent);
  const bar = el('progress', { max: '100', 'aria-label': label });
  if (share > 0) bar.value = percent;
  return { tone: 'idle', said: '', nodes: [heading(start), bar, el('p', {}, label)] };
}

function trouble(what: string, next: string, detail: string, lang: Lang): VerdictView {
  const words = recordWords(lang);
  const list = rows([
    [words.detail, visible(detail)],
    [words.next, next],
  ]);
  return { tone: 'bad', said: `${what} ${next}`, nodes: [heading(what), list] };
}

function refuted(
  { giver, fault, links, chain }: Extract<Outcome, { kind: 'refuted' }>,
  file: string,
  lang: Lang,
): VerdictView {
  const page = pageWords(lang);
  const words = recordWords(lang);
  const { says: about, next } = explainFault(fault.code, lang);
  // Its explanation speaks of a receipt where the proof of the standing has the same parts.
  const inStanding = links.standing === false && giver === 'person' && !/^(status|history)-/.test(fault.code);
  const says = inStanding ? `${proofWords(lang).inStanding}${about}` : about;
  const title = giver === 'node' ? proofWords(lang).nodeFalse : page.no;
  const list = rows([
    [page.code, el('code', {}, fault.code)],
    [words.detail, bdi(fault.detail)],
    [words.next, next],
    [page.against, bdi(`${chain.name} (${chain.origin})`)],
  ]);
  const nodes = [banner('bad', title, says), evidence(links, lang), list];
  const said = giver === 'node' ? `${title}. ${says} ${next}` : `${page.sayNo(file)} ${says} ${next}`;
  return { tone: 'bad', said, nodes: nodes.filter(node => node !== null) };
}
