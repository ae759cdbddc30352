import { expect, it } from 'vitest';
import { complaintTexts } from './complaint-texts.ts';
import { type ComplaintCode, fault } from './complaints.ts';
import { explainError } from './node-faults.ts';

const CODES = Object.keys(complaintTexts('en')) as ComplaintCode[];
const HAN = /\p{Script=Han}/u;
const say = (code: ComplaintCode, lang: 'zh' | 'en') =>
  (fault as (code: ComplaintCode, ...named: readonly string[]) => ReturnType<typeof fault>)(
    code,
    'A1',
    'B2',
    'C3',
  ).said(lang);

it.each(CODES)('%s says what and what next, in both languages, and names the same things', code => {
  const [en, zh] = [say(code, 'en').complaint, say(code, 'zh').complaint];
  expect(code).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
  expect(en.what).toMatch(/\.$/);
  expect(zh.what).toMatch(/\p{Script=Han}.*。$/u);
  for (const text of [en.what, en.next]) expect(text).not.toMatch(HAN);
  for (const text of [zh.what, zh.next]) expect(text).toMatch(HAN);
  const named = ({ what, why, next }: typeof en) =>
    ['A1', 'B2', 'C3'].filter(name => `${what}${why}${next}`.includes(name));
  expect(named(zh)).toEqual(named(en));
});

it('errors of the node have a text in both languages, and keep what they said as the reason', () => {
  const error = Object.assign(new Error('listen-failed: cannot listen on x'), { code: 'listen-failed' });
  expect(explainError(error, 'en')).toMatchObject({
    code: 'listen-failed',
    complaint: { what: 'The p2p port cannot be listened on.', why: 'cannot listen on x' },
  });
  expect(explainError(error, 'zh')?.complaint.what).toMatch(HAN);
  const taken = Object.assign(new Error('in use'), { code: 'EADDRINUSE' });
  expect(explainError(taken, 'en')?.code).toBe('port-taken');
  expect(explainError(new Error('a mistake of ours'), 'en')).toBe(null);
});
