import { describe, expect, it } from 'vitest';
import { HeadsChecker } from './heads.ts';

const text = (size: number, root: string) => `origin\n${size}\n${root}\nblock`;

describe('heads checker', () => {
  const checker = () => {
    const heads = new HeadsChecker();
    heads.cosigned(0, 2, text(5, 'a'));
    heads.cosigned(1, 2, text(5, 'a'));
    heads.cosigned(0, 4, text(7, 'b'));
    return heads;
  };

  it('accepts heads that grow, in any order of signing', () => {
    expect(() => checker().cosigned(1, 3, text(7, 'b'))).not.toThrow();
    expect(() => checker().cosigned(1, 1, text(0, ''))).not.toThrow();
  });

  it.each([
    ['two heads at one height', 2, text(6, 'c')],
    ['a log that shrinks', 5, text(6, 'c')],
    ['a log that was larger before', 3, text(8, 'c')],
    ['two roots of one size', 5, text(7, 'c')],
  ])('finds %s', (_, height, head) => {
    expect(() => checker().cosigned(2, height, head)).toThrow('heads');
  });
});
