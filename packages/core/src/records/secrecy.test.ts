import { describe, expect, it } from 'vitest';
import type { MetaValue } from '../records/entry.ts';
import { isMarkedSecret } from './secrecy.ts';

const plain = { subject: { issuer: '', id: '演发〔2026〕1号' }, origin: null };
const marked = (name: string, value: MetaValue) =>
  isMarkedSecret({ ...plain, meta: new Map([[name, value]]) });
const named = (id: string) => isMarkedSecret({ ...plain, meta: new Map(), subject: { issuer: '', id } });
const from = (method: string, tool: string, operator: string) =>
  isMarkedSecret({
    ...plain,
    meta: new Map(),
    origin: { method, tool, operator, capturedAt: null, earlier: null },
  });

describe('a document is marked secret', () => {
  it.each([
    ['secrecy', '机密'],
    ['secrecy', '秘密★1年'],
    ['secrecy', '内部'],
    ['secrecy', 'None'],
    ['title', '【机密★10年】方案'],
    ['title', '【机密】方案'],
    ['title', '［绝密］方案'],
    ['title', '[机密]方案'],
    ['title', '方案（秘密）'],
    ['title', '方案(机密级)'],
    ['title', '关于方案的通知 机密★1年'],
    ['title', '机 密 ★ 6个月 方案'],
    ['title', '绝密★启用前'],
    ['title', '机密*10年 方案'],
    ['title', '【秘\u200b密】方案'],
    ['category', '机密'],
    ['category', ' 绝　密 '],
    ['category', '密级：秘密'],
    ['category', '机密级'],
    ['keywords', ['方案', '机密']],
  ] as const)('%s %s', (name, value) => expect(marked(name, value as MetaValue)).toBe(true));

  it.each([
    ['secrecy', '无'],
    ['secrecy', '公开'],
    ['secrecy', '非密'],
    ['secrecy', '不涉密'],
    ['secrecy', 'none'],
    ['secrecy', ''],
    ['secrecy', null],
    ['title', '国家秘密法'],
    ['title', '中华人民共和国保守国家秘密法实施条例'],
    ['title', '商业秘密保护条例'],
    ['title', '关于机密文件管理的规定'],
    ['title', '关于（秘密）文件解密的通知'],
    ['title', '机密性、完整性与可用性评估'],
    ['title', '绝密级文件管理办法（试行）'],
    ['title', '密码法'],
    ['title', '五星★级酒店评定'],
    ['category', '保密工作'],
    ['keywords', ['国家秘密', '商业秘密']],
    ['changed', 3],
  ] as const)('not by %s %s', (name, value) => expect(marked(name, value as MetaValue)).toBe(false));

  it.each(['机密★10年-3', '【秘密】演发〔2026〕1号', '演发〔2026〕1号（机密）', '绝密', '机　密☆3'])(
    'by its id %s',
    id => expect(named(id)).toBe(true),
  );

  it.each([
    '国办发〔2020〕26号',
    '国密局公告〔2020〕3号',
    '秘密〔2026〕1号',
    '机密发〔2026〕10号',
    '商业秘密-2026-3',
    '保密委（2026）1号',
    'a0'.repeat(32),
    '000014349/2020-00046',
  ])('not by its id %s', id => expect(named(id)).toBe(false));

  it('by its origin', () => {
    expect(from('扫描', 'scanner', '机密★长期 张')).toBe(true);
    expect(from('（秘密）', 'scanner', '办公室')).toBe(true);
    expect(from('扫描', '【绝密】', '办公室')).toBe(true);
    expect(from('扫描', '国家秘密载体扫描仪', '保密办公室')).toBe(false);
  });

  it('however long a text is', () => {
    for (const part of ['机密', '【机密', '机密*', '【机密★', '（秘密）甲'])
      expect(marked('title', `甲${part.repeat(20_000)}甲`)).toBe(part === '【机密★');
  });
});
