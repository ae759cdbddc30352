import { expect, it } from 'vitest';
import { padTo, textWidth, visible } from './text.ts';

it('Chinese takes two columns, colours none', () => {
  expect(textWidth('骑缝 QF（）')).toBe(11);
  expect(textWidth('\u001b[32m✓\u001b[39m ab')).toBe(4);
  expect(padTo('标的', 6)).toBe('标的  ');
  expect(padTo('标的标的', 6)).toBe('标的标的');
});

it('controls and direction marks are written out, other text is not', () => {
  expect(visible('a\nb\u001b[1m\u0085\u202e\u2028\ud800')).toBe(
    'a\\u{a}b\\u{1b}[1m\\u{85}\\u{202e}\\u{2028}\\u{d800}',
  );
  expect(visible('关于〔2020〕1号 ✓ é')).toBe('关于〔2020〕1号 ✓ é');
});
