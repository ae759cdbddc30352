import { expect, it } from 'vitest';
import { alignColumns, padTo, textWidth, visible } from './columns.ts';
import { wrapText } from './wrap.ts';

it('Chinese takes two columns, colours none', () => {
  expect(textWidth('骑缝 QF（）')).toBe(11);
  expect(textWidth('\u001b[32m✓\u001b[39m ab')).toBe(4);
  expect(padTo('标的', 6)).toBe('标的  ');
  expect(padTo('标的标的', 6)).toBe('标的标的');
});

it('cells stand under one another whatever their script, and no line ends in spaces', () => {
  const lines = alignColumns([
    ['1', '北京市', 'ready'],
    ['10', '\u001b[31m内蒙古自治区\u001b[39m', 'x', ''],
    ['2', 'Hebei'],
  ]);
  expect(lines).toEqual(['1   北京市        ready', '10  \u001b[31m内蒙古自治区\u001b[39m  x', '2   Hebei']);
});

it('controls and direction marks are written out, other text is not', () => {
  expect(visible('a\nb\u001b[1m\u0085\u202e\u2028\ud800')).toBe(
    'a\\u{a}b\\u{1b}[1m\\u{85}\\u{202e}\\u{2028}\\u{d800}',
  );
  expect(visible('关于〔2020〕1号 ✓ é')).toBe('关于〔2020〕1号 ✓ é');
});

it('lines break between words and Chinese characters, never before a stop or after an opening bracket', () => {
  expect(wrapText('the quick brown fox', 9)).toBe('the quick\nbrown fox');
  expect(wrapText('首行为口令。', 10)).toBe('首行为口\n令。');
  expect(wrapText('首行为口（默认）', 10)).toBe('首行为口\n（默认）');
  expect(wrapText('存证 --passphrase-file 口令\n第二段', 14)).toBe('存证\n--passphrase-file\n口令\n第二段');
  const text = '首行为口令的文件（默认取 HOME，否则提示输入）。';
  for (const width of [4, 7, 12, 30])
    expect(wrapText(text, width).replace(/\s/g, '')).toBe(text.replace(' ', ''));
});
