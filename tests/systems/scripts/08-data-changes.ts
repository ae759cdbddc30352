import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { guizhou, county } = CAST;
const base = `dataset/${guizhou}/legal-persons`;

/** Row 8: changes of data seen as they happen, access recorded, data sets linked in order. */
export const dataChanges: System = {
  name: '08-data-changes',
  title: { zh: '一云一网一平台：数据变化实时探知，访问全程留痕', en: 'Data changes and access records' },
  profiles: ['dataset', 'sharing'],
  steps: [
    {
      say: 'The province lists a basic data set,',
      run: `qifeng act ${base} offer base.md --meta title=演示法人库 --meta cycle=每日 --key ${guizhou}`,
      as: ['base'],
    },
    {
      say: 'and one derived from it: the link names a record that is already in the log, so that no circle is possible.',
      run: `qifeng act dataset/${guizhou}/key-enterprises offer derived.md --meta title=演示重点企业主题库 --link derived-from=${base} --key ${guizhou}`,
      as: ['derived'],
    },
    {
      say: 'A link to a record that is yet to come is refused.',
      run: `qifeng act dataset/${guizhou}/loop offer --link derived-from=dataset/${guizhou}/loop@{derived} --receipts refused --key ${guizhou}`,
      ends: 4,
      shows: ['unknown-link'],
    },
    {
      say: 'A county subscribes.',
      run: `qifeng act sharing/${county}/subscription-1 subscribe --meta purpose=演示：县级比对 --link of=${base} --key ${county}`,
    },
    {
      say: 'It watches that data set, from now on,',
      run: `qifeng watch --subject ${base} --count 1`,
      stays: true,
    },
    {
      say: 'and the data change: one row.',
      run: `qifeng act ${base} change-open change-1.csv --meta rows=1000 --meta changed=1 --meta as-of=2026-11-02 --key ${guizhou}`,
      as: ['change'],
    },
    { say: 'The county has seen it as it happened.', run: 'wait', shows: ['Following', 'Change data'] },
    {
      say: 'While nobody is watching, they change again.',
      run: `qifeng act ${base} change-open change-2.csv --meta rows=1001 --meta changed=1 --meta as-of=2026-11-03 --key ${guizhou}`,
    },
    {
      say: 'A change that was prepared before that one, on the state that another clerk has changed since, is refused.',
      run: `qifeng act ${base} change-open change-1.csv --meta rows=1000 --meta changed=1 --prev {change} --receipts refused --key ${guizhou}`,
      ends: 4,
      shows: ['wrong-prev'],
    },
    {
      say: 'The county goes on from the record it knows: what it missed comes first.',
      run: `qifeng watch --subject ${base} --from {change} --count 2`,
      shows: ['Change data'],
    },
    {
      say: 'Before it answers, the province asks whether the county may read today.',
      run: `qifeng status sharing/${county}/subscription-1 --in-force`,
      shows: ['In force (Granted)'],
    },
    {
      say: 'The county reads, and records that it did.',
      run: `qifeng act sharing/${county}/subscription-1 use access.md --meta purpose=演示：比对 --meta rows=2 --key ${county}`,
    },
    {
      say: 'An access that somebody else would record in its name is refused.',
      run: `qifeng act sharing/${county}/subscription-1 use access.md --meta purpose=演示 --receipts refused --key ${guizhou}`,
      ends: 4,
      shows: ['not-issuer'],
    },
    {
      say: 'The province records what it gave out: for that access,',
      run: `qifeng act sharing/${county}/subscription-1 serve --meta rows=2 --key ${guizhou}`,
    },
    {
      say: 'and for another, of which the county says nothing.',
      run: `qifeng act sharing/${county}/subscription-1 serve --meta rows=1000 --receipts second --key ${guizhou}`,
    },
    {
      say: 'Who has read what: two were served, one is owned up to.',
      run: `qifeng history sharing/${county}/subscription-1`,
      shows: ['complete: 4 of 4', 'Serve'],
    },
    {
      say: 'The province ends it.',
      run: `qifeng act sharing/${county}/subscription-1 revoke --meta reason=演示：有一次访问未登记 --key ${guizhou}`,
    },
    {
      say: 'Nothing more is read.',
      run: `qifeng status sharing/${county}/subscription-1 --in-force`,
      ends: 1,
      shows: ['Revoked'],
    },
  ],
};
