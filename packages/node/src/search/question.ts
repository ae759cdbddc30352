import { type Digest, isUscc, type Leaf, normalNumber, type Verdict } from '@qifeng/core';
import { dateOf, dayOf, numberOf, recordedDate, regionPrefix, regionsOf, textsOf } from './document.ts';
import { addTerms, fold, partsOf, TERM, termOf } from './words.ts';

/** What a search asks for; null asks for nothing. */
export interface Question {
  /** Words that must all be found; a run of ideographs as it stands. */
  readonly text: string | null;
  /** A document number, its brackets of any kind. */
  readonly number: string | null;
  /** Its code, or words of its name. */
  readonly issuer: string | null;
  /** GB/T 2260 code of a division; what is in it is found too. */
  readonly region: string | null;
  readonly profile: string | null;
  /** The state that the subject's last record gave it. Of a record that has a later one the state is not known: none is found. */
  readonly state: string | null;
  /** What the subject's standing comes to on the day of the walk; likewise. */
  readonly standing: Verdict['word'] | null;
  readonly digest: Digest | null;
  /** `YYYY-MM-DD`, both included. */
  readonly from: string | null;
  readonly to: string | null;
  /** Only the last record of each subject, or all. */
  readonly records: 'last' | 'all';
}

/** A question as the index is asked. */
export interface Asked {
  readonly question: Question;
  /** Terms that the record itself must have. */
  readonly own: readonly number[];
  /** Terms of the words and the region: the record or one from which it inherits must have each. */
  readonly words: readonly number[];
  /** Of the number, which the record or the one whose number holds must have. */
  readonly number: number | null;
  readonly parts: ReturnType<typeof partsOf>;
  /** What the issuer's name must have, null where its code was asked for or nothing. */
  readonly issuerParts: ReturnType<typeof partsOf> | null;
  readonly days: readonly [from: number, to: number] | null;
}

/** Prepares a question. */
export function ask(question: Question): Asked {
  const { profile, issuer, region, from, to } = question;
  const number = question.number === null ? null : numberForm(question.number);
  const own: number[] = [];
  const isNamed = issuer !== null && !isUscc(issuer);
  if (issuer !== null)
    if (isNamed) addTerms(issuer, own);
    else own.push(termOf(TERM.issuer, issuer));
  if (profile !== null) own.push(termOf(TERM.profile, profile));
  const words: number[] = [];
  addTerms(question.text ?? '', words);
  if (region !== null) words.push(termOf(TERM.region, regionPrefix(region)));
  return {
    question: { ...question, number },
    own,
    words: [...new Set(words)],
    number: number === null ? null : termOf(TERM.number, number),
    parts: partsOf(question.text ?? ''),
    issuerParts: isNamed ? partsOf(issuer) : null,
    days:
      from === null && to === null
        ? null
        : [from === null ? 0 : dayOf(from), to === null ? 0xffff : dayOf(to)],
  };
}

/** A record with those from which it inherits; the same leaf where it says a thing itself. */
export interface Described {
  readonly own: Leaf;
  readonly title: Leaf;
  readonly number: Leaf;
  /** What the issuer of the subject is called, null where that is not known. */
  readonly issuerName: string | null;
}

/** Whether a record's texts, names and date are what was asked for. State and digest are the index's to tell. */
export function answers(
  { question, parts, issuerParts }: Asked,
  { own, title, number, issuerName }: Described,
): boolean {
  const { issuer, region, profile, from, to } = question;
  const entry = own.entry.value;
  const named = fold(issuerName ?? '');
  if (issuerParts !== null && !has([named], issuerParts)) return false;
  if (issuer !== null && issuerParts === null && entry.subject.issuer !== issuer) return false;
  if (profile !== null && entry.profile !== profile) return false;
  const regions = region === null ? [] : [entry, title.entry.value].flatMap(regionsOf);
  if (region !== null && !regions.some(code => code.startsWith(regionPrefix(region)))) return false;
  if (question.number !== null && numberOf(number.entry.value) !== question.number) return false;
  if (from !== null || to !== null) {
    const date = dateOf(entry) ?? dateOf(title.entry.value) ?? recordedDate(title);
    if ((from !== null && date < from) || (to !== null && date > to)) return false;
  }
  if (parts.words.length + parts.runs.length === 0) return true;
  const texts = [entry, title.entry.value].flatMap(textsOf);
  return has([...[...texts, numberOf(number.entry.value) ?? ''].map(fold), named], parts);
}

/** Whether folded texts have all the parts. */
function has(texts: readonly string[], { runs, words }: ReturnType<typeof partsOf>): boolean {
  const known = new Set(words.length === 0 ? [] : texts.flatMap(text => partsOf(text).words));
  return runs.every(run => texts.some(text => text.includes(run))) && words.every(word => known.has(word));
}

/** A document number in the form in which it is recorded: brackets 〔 〕, no spaces. */
function numberForm(number: string): string {
  return normalNumber(number.replace(/\s/gu, ''));
}
