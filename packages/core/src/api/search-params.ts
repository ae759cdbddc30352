import { parseDecimal } from '../ledger/note.ts';
import { VERDICTS, type Verdict } from '../receipts/verdict.ts';
import { isDate } from '../records/standard-codes.ts';
import { limitParam } from './page.ts';
import { digestParam, type Param, textParam } from './param.ts';

/**
 * How far a walk through a search has come: the log's size when it began, the index below which it goes on, and the day in
 * China on which standings are judged, `YYYY-MM-DD`.
 */
export interface SearchCursor {
  readonly size: number;
  readonly before: number;
  readonly at: string;
}

/** A day on which standings are judged: of those that the index can tell apart. */
const atParam: Param<string> = {
  schema: { type: 'string', pattern: '^(190[1-9]|19[1-9][0-9]|20[0-7][0-9])-[0-9]{2}-[0-9]{2}$' },
  what: 'day on which `standing` is judged, `YYYY-MM-DD` from 1901 to 2078 in China, today unless given',
  parse: text => (isDate(text) && text > '1901' && text < '2079' ? text : null),
  format: value => value,
};

/** A cursor in the form `<size>-<before>-<YYYYMMDD>`. */
export const cursorParam: Param<SearchCursor> = {
  schema: { type: 'string', pattern: '^[0-9]{1,16}-[0-9]{1,16}-[0-9]{8}$' },
  what: '`next` of the page before',
  parse: text => {
    const [sized = '', below = '', day = '', ...more] = text.split('-');
    const [size, before] = [parseDecimal(sized), parseDecimal(below)];
    const at = atParam.parse(day.replace(/^(....)(..)(..)$/, '$1-$2-$3'));
    if (size === null || before === null || at === null || more.length > 0 || before > size) return null;
    return { size, before, at };
  },
  format: ({ size, before, at }) => `${size}-${before}-${at.replaceAll('-', '')}`,
};

const DATE = /^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$/;
const SOUGHT = VERDICTS.filter(word => word !== 'never-recorded');
const standingParam: Param<Verdict['word']> = {
  schema: { enum: SOUGHT },
  what: 'what the subject’s standing comes to, dates of validity included; `in-force`: amended or not',
  parse: text => SOUGHT.find(word => word === text) ?? null,
  format: value => value,
};
const recordsParam: Param<'last' | 'all'> = {
  schema: { enum: ['last', 'all'] },
  what: '`last`: the last record of each subject, unless given; `all`: also those that have a later one',
  parse: text => (text === 'last' || text === 'all' ? text : null),
  format: value => value,
};

/** What a search can be asked for; each narrows it. */
export const searchParams = {
  q: textParam(
    'words of the title, number, id, other texts or the issuer’s name; Chinese as it stands, at least two characters',
    /^(?=.*[\p{L}\p{N}])\P{Cc}{1,128}$/u,
  ),
  number: textParam('document number (发文字号), brackets of any kind', /^\P{Cc}{1,64}$/u),
  issuer: textParam(
    'issuer, a unified social credit code or words of its name, in Chinese at least two characters',
    /^(?=.*[\p{L}\p{N}])\P{Cc}{1,128}$/u,
  ),
  region: textParam('GB/T 2260 code of six digits; what is in the division is found too', /^[1-9][0-9]{5}$/),
  profile: textParam('profile without version', /^[a-z][a-z0-9-]{0,31}$/),
  state: textParam(
    'state that the last record gave the subject, a name of its profile, whatever its dates',
    /^[a-z][a-z0-9-]{0,31}$/,
  ),
  standing: standingParam,
  at: atParam,
  digest: digestParam,
  from: textParam('first date, `YYYY-MM-DD`, of the document, else of its record', DATE),
  to: textParam('last date, `YYYY-MM-DD`', DATE),
  records: recordsParam,
  cursor: cursorParam,
  limit: limitParam,
};
