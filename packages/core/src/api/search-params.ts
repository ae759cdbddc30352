import { parseDecimal } from '../ledger/note.ts';
import { limitParam } from './page.ts';
import { digestParam, type Param, textParam, usccParam } from './param.ts';

/** How far a walk through a search has come: the log's size when it began, and the index below which it goes on. */
export interface SearchCursor {
  readonly size: number;
  readonly before: number;
}

/** A cursor in the form `<size>-<before>`. */
export const cursorParam: Param<SearchCursor> = {
  schema: { type: 'string', pattern: '^[0-9]{1,16}-[0-9]{1,16}$' },
  what: '`next` of the page before',
  parse: text => {
    const [size = null, before = null, ...more] = text.split('-').map(parseDecimal);
    if (size === null || before === null || more.length > 0 || before > size) return null;
    return { size, before };
  },
  format: ({ size, before }) => `${size}-${before}`,
};

const DATE = /^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$/;
const recordsParam: Param<'last' | 'all'> = {
  schema: { enum: ['last', 'all'] },
  what: '`last`: the last record of each subject, unless given; `all`: also those that have a later one',
  parse: text => (text === 'last' || text === 'all' ? text : null),
  format: value => value,
};

/** What a search can be asked for; each narrows it. */
export const searchParams = {
  q: textParam(
    'words of the title, number, id or other texts; Chinese as it stands, at least two characters',
    /^(?=.*[\p{L}\p{N}])\P{Cc}{1,128}$/u,
  ),
  number: textParam('document number (发文字号), brackets of any kind', /^\P{Cc}{1,64}$/u),
  issuer: usccParam('issuer, a unified social credit code'),
  region: textParam('GB/T 2260 code of six digits; what is in the division is found too', /^[1-9][0-9]{5}$/),
  profile: textParam('profile without version', /^[a-z][a-z0-9-]{0,31}$/),
  state: textParam('state that the subject is in, a name of its profile', /^[a-z][a-z0-9-]{0,31}$/),
  digest: digestParam,
  from: textParam('first date, `YYYY-MM-DD`, of the document, else of its record', DATE),
  to: textParam('last date, `YYYY-MM-DD`', DATE),
  records: recordsParam,
  cursor: cursorParam,
  limit: limitParam,
};
