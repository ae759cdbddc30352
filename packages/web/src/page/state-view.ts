import type { RecordFacts, StandingFacts } from '../check/facts.ts';
import type { Outcome, SaidRecord } from '../check/outcome.ts';
import type { Lang } from '../words/language.ts';
import { recordWords } from '../words/record-words.ts';
import { proofWords, standingWords } from '../words/standing-words.ts';
import { el, rows } from './dom.ts';
import { banner, bdi, caveat, heading } from './parts.ts';
import { roleAmong, roleNotice } from './role-view.ts';
import { countedText, deed, headlineOf, standingView } from './standing-view.ts';
import { localTime, visible } from './text.ts';
import type { VerdictView } from './view.ts';

type State = Extract<Outcome, { kind: 'state' }>;

/** Shows what the state holds of something, by a proof that the person gave or the node. `file` is empty without a document. */
export function viewState(outcome: State, file: string, pinned: boolean, lang: Lang): VerdictView {
  const words = proofWords(lang);
  const { giver, compared, state, records, counted } = outcome;
  const roles = outcome.standings.map(standing => ({ standing, role: roleAmong(records, standing) }));
  // What a file only accompanied an action of says less than what it is the text of.
  const standings = [
    ...roles.filter(({ role }) => role !== 'enclosed'),
    ...roles.filter(({ role }) => role === 'enclosed'),
  ];
  // Of a digest that was asked for, what its last subject comes to says more than how often it was recorded.
  const { standing: first = state, role: firstRole = 'present' } = standings[0] ?? {};
  const headline = headlineOf(first, lang);
  const word = firstRole === 'enclosed' ? standingWords(lang).enclosure : headline.word;
  const said = isAbsent(state) ? words.provenNone : compared ? words.sameFile(file) : words.proven;
  const shown = firstRole === 'present' ? headline.tone : 'warn';
  const nodes = [
    banner(shown, word, said),
    giver === 'node' ? el('p', { class: 'counted' }, words.fromNode) : null,
    state.holds.kind === 'digest' && isAbsent(state)
      ? el('p', { class: 'notice warn' }, standingWords(lang).sealedByReceipt)
      : null,
    caveat(pinned, lang),
    counted && counted.of > 0 ? el('p', { class: 'counted' }, countedText(counted, lang)) : null,
    ...standings.flatMap(({ standing, role }) => [
      standingView(standing, lang, standing.height !== state.height),
      roleNotice(
        role,
        records.find(({ subject }) => subject === standing.about),
        lang,
      ),
    ]),
    records.length === 0
      ? null
      : el(
          'section',
          { class: 'standing' },
          el('h3', {}, words.recordsHeading),
          rows(records.map(record => [indexText(record, lang), recordLine(record, lang)])),
        ),
    standingView(state, lang),
    el('p', { class: 'small' }, recordWords(lang).assumption),
  ];
  return { tone: shown, said: `${word}: ${said}`, nodes: nodes.filter(node => node !== null) };
}

/** Shows what a node says without a proof: plainly not a verdict. */
export function viewWord({ records, why }: Extract<Outcome, { kind: 'word' }>, lang: Lang): VerdictView {
  const words = proofWords(lang);
  const line = ({ subject, publisher, time, state }: SaidRecord) =>
    bdi([subject, state, publisher, localTime(time)].filter(part => part !== null).join(' · '));
  const nodes = [
    heading(words.wordHeading),
    el('p', { class: 'notice warn' }, words.wordLead),
    records.length === 0
      ? el('p', {}, words.wordNone)
      : rows(records.map(record => [indexText(record, lang), line(record)])),
    rows([[words.wordWhy, visible(why)]]),
  ];
  return { tone: 'warn', said: `${words.wordHeading}. ${words.wordLead}`, nodes };
}

function indexText({ index }: { readonly index: number }, lang: Lang): string {
  return standingWords(lang).between(index, index);
}

function recordLine(record: RecordFacts, lang: Lang): HTMLElement {
  return el('span', {}, bdi(deed(record, lang)), el('br', {}), bdi(record.subject));
}

function isAbsent({ holds }: StandingFacts): boolean {
  return holds.kind === 'subject' ? holds.state === null : holds.value === null;
}
