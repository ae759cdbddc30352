import { SUCCEEDING } from '@qifeng/core';
import { describe, expect, it } from 'vitest';
import { absentMessages } from '../../packages/client/src/cli/absent.ts';
import { statusMessages } from '../../packages/client/src/cli/commands/status/messages.ts';
import { verifyMessages } from '../../packages/client/src/cli/commands/verify/messages.ts';
import { disclosedMessages } from '../../packages/client/src/cli/disclosed.ts';
import { explainFault as inCommand } from '../../packages/client/src/cli/faults.ts';
import { inboundMessages } from '../../packages/client/src/cli/inbound-words.ts';
import { verdictMessages } from '../../packages/client/src/cli/verdicts.ts';
import { explainFault as inPage } from '../../packages/web/src/words/fault-words.ts';
import { recordWords } from '../../packages/web/src/words/record-words.ts';
import { inboundWords, standingWords } from '../../packages/web/src/words/standing-words.ts';
import { sourceTree } from '../house-rules/source-tree.ts';

// The page and the command speak of the same things: who reads one verdict after the other finds the same words.

describe.each(['zh', 'en'] as const)('the words of the page in %s', lang => {
  it('name what a receipt says as `qifeng verify` does', () => {
    const [page, command] = [recordWords(lang), verifyMessages(lang)];
    for (const [key, word] of Object.entries(page)) {
      const other = command[key as keyof typeof page];
      if (typeof word === 'string') expect([key, word]).toEqual([key, other]);
    }
    expect(page.placeOf(7, 9)).toBe(command.placeOf(7, 9));
    expect(page.cosignedBy('北京', 3, 4)).toBe(command.cosignedBy('北京', 3, 4));
  });

  it('name standings as `qifeng status` does, and what is disclosed as `qifeng present`', () => {
    const page = standingWords(lang);
    const command = {
      ...verdictMessages(lang),
      ...statusMessages(lang),
      ...absentMessages(lang),
      ...disclosedMessages(lang),
    };
    for (const [key, word] of Object.entries(page)) {
      const other: unknown = command[key as keyof typeof command];
      if (typeof word !== 'function') expect([key, other]).toEqual([key, word]);
    }
    expect([1, 3].map(page.recorded)).toEqual([1, 3].map(command.recorded));
    expect([page.between(2, 2), page.between(2, 5)]).toEqual([command.between(2, 2), command.between(2, 5)]);
    expect(page.validity('2020-01-01', null)).toBe(command.validity('2020-01-01', null));
    expect(page.until('a', 'b', 'c')).toBe(command.until('a', 'b', 'c'));
    expect(page.record('a/b', 3)).toBe(command.record('a/b', 3));
    expect(page.enclosed('x')).toBe(command.enclosed('x'));
    expect(page.count(2)).toBe(command.count(2));
  });

  it('tell what is said elsewhere as the commands do', () => {
    const [page, command] = [inboundWords(lang), inboundMessages(lang)];
    for (const [key, word] of Object.entries(command)) {
      const other: unknown = page[key as keyof typeof command];
      if (typeof word !== 'function') expect([key, other]).toEqual([key, word]);
    }
    expect(page.signed('a', 'b')).toBe(command.signed('a', 'b'));
    expect(page.claimed('a', 'b', 'c', 'd')).toBe(command.claimed('a', 'b', 'c', 'd'));
    expect(Object.keys(page.says)).toEqual(SUCCEEDING);
  });

  it('explain every code of a refusal with the same sentence', () => {
    const codes = new Set(
      sourceTree()
        .filter(({ path }) => path.startsWith('packages/core/src/') && !path.endsWith('.test.ts'))
        .flatMap(({ text }) =>
          [...text.matchAll(/\b(?:refuse|bad)\(\s*'([a-z0-9-]+)'/g)].map(([, code]) => code!),
        ),
    );
    expect(codes.size).toBeGreaterThan(40);
    for (const code of codes)
      expect([code, inPage(code, lang).says]).toEqual([code, inCommand(code, lang).says]);
  });
});
