import { readFileSync } from 'node:fs';
import { type Entry, type MetaValue, profileFromJson } from '@qifeng/core';
import { describe, expect, it } from 'vitest';
import type { Names } from '../register/register.ts';
import { faultText, refusalText } from './fault-text.ts';
import { refusalFacts } from './refusal-facts.ts';

const read = profileFromJson(
  readFileSync(new URL('../../../../seeds/profiles/policy.json', import.meta.url), 'utf8'),
);
if (!read.ok) throw new Error(read.fault.detail);
const policy = read.value;
const ISSUER = '91350100M000100Y43';
const names = {
  profile: (name: string) => (name === 'policy' ? { profile: policy, record: null } : null),
  publisher: () => '演示机构',
} as Partial<Names> as Names;

/** What a clerk reads of a refused entry. */
function told(
  code: string,
  { state = null, ...over }: Partial<Entry> & { state?: string | null } = {},
  meta: Record<string, MetaValue> = {},
): string {
  const entry: Entry = {
    profile: 'policy',
    action: 'publish',
    subject: { issuer: ISSUER, id: 'a' },
    digest: null,
    prev: null,
    links: [],
    meta: new Map(Object.entries(meta)),
    origin: null,
    ...over,
  };
  return refusalText({ code, detail: 'why so' }, refusalFacts(entry, code, state, names), 'zh');
}

describe('a refusal in Chinese', () => {
  it.each<[string, string, string]>([
    [
      'state',
      told('action-not-allowed', { state: 'in-force' }),
      '标的现状为“有效”，事项“发布”（publish）只能在“尚无记录”时办理。',
    ],
    [
      'no record',
      told('action-not-allowed', { state: 'none', action: 'repeal' }),
      '标的现状为“尚无记录”，事项“废止”',
    ],
    ['missing file', told('digest-required'), '事项“发布”（publish）必须附文件。请在命令中写明文件'],
    [
      'format',
      told('bad-field', {}, { number: '1号' }),
      '字段“发文字号”（number）的值不符合格式：应为发文字号，如',
    ],
    ['field', told('unknown-field', {}, { colour: 'red' }), '没有字段“colour”，现有“标题”（title）、'],
    [
      'issuer',
      told('not-issuer', { state: 'none' }),
      `只能由 演示机构 (${ISSUER}) 办理（标的现状：“尚无记录”）`,
    ],
    ['action', told('unknown-action', { action: 'burn' }), '没有事项“burn”，现有“发布”（publish）、'],
  ])('names the %s by its title, without the English', (_, text, says) => {
    expect(text).toContain(says);
    expect(text).not.toContain('why so');
  });

  it('of which the entry does not tell enough has the English in brackets', () => {
    expect(told('action-not-allowed')).toMatch(/^标的现在的状态不能办理这一事项（原文：why so）。请/);
    expect(told('bad-field')).toMatch(/（原文：why so）。请改正/);
    expect(told('stale-link')).toMatch(/（原文：why so）。请用 qifeng status/);
    expect(told('digest-required', { profile: 'unknown' })).toContain('事项“publish”必须附文件');
  });
});

it('a fault is its detail in English, a code that is not known its detail in either', () => {
  const fault = { code: 'root-mismatch', detail: 'why so' };
  expect(faultText(fault, 'en')).toBe('why so');
  expect(faultText(fault, 'zh')).toBe('证明导向另一个根（原文：why so）');
  expect(faultText({ code: 'no-subject', detail: 'why so' }, 'zh')).toBe('该标的没有记录（原文：why so）');
  expect(faultText({ code: 'not-a-code', detail: 'why so' }, 'zh')).toBe('why so');
});
