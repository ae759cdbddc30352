import { describe, expect, it } from 'vitest';
import { codeWords, refusalText } from '../../packages/client/src/cli/fault-text.ts';
import { NODE_WORDS } from '../../packages/client/src/cli/fault-words/node.ts';
import { PROOF_WORDS } from '../../packages/client/src/cli/fault-words/proofs.ts';
import { REFUSAL_WORDS } from '../../packages/client/src/cli/fault-words/refusals.ts';
import { sourceTree } from '../house-rules/source-tree.ts';

const document = sourceTree().find(({ path }) => path === 'docs/ERRORS.md')!.text;
const listed = [...document.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, code]) => code!);

describe('the Chinese sentences of fault codes', () => {
  it('are of exactly the codes in ERRORS.md, each once', () => {
    const worded = [PROOF_WORDS, REFUSAL_WORDS, NODE_WORDS].flatMap(words => Object.keys(words));
    expect(worded.toSorted()).toEqual(listed.toSorted());
  });

  it('are Chinese, and those of refusals say what to do', () => {
    for (const code of listed) expect(codeWords(code), code).toMatch(/\p{Script=Han}/u);
    const section = /## Refused by the ledger\n[\s\S]*?\n## Storage/.exec(document)![0];
    const refusals = [...section.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, code]) => code!);
    expect(refusals.length).toBeGreaterThan(45);
    for (const code of refusals.filter(one => one !== 'bad-config'))
      expect(refusalText({ code, detail: 'why' }, null, 'zh')).toMatch(
        /^.*\p{Script=Han}.*（原文：why）。.*\p{Script=Han}/u,
      );
  });
});
