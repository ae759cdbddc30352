import { readdirSync, readFileSync } from 'node:fs';
import { personalIn } from '@qifeng/core';
import { describe, expect, it } from 'vitest';
import { bearsMarking } from '../../packages/core/src/records/secrecy.ts';
import { SYSTEMS } from '../systems/scripts/all.ts';

const SEEDS = new URL('../../seeds/', import.meta.url);

/** Every text of the seeds: lines of documents and tables, strings in JSON, and the commands of the systems, word by word. */
function texts(): readonly string[] {
  const files = readdirSync(SEEDS, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(?:md|csv|json)$/.test(name))
    .map(name => readFileSync(new URL(name, SEEDS), 'utf8'));
  const commands = SYSTEMS.flatMap(({ steps }) => steps.map(({ run }) => run));
  return [...files, ...commands].flatMap(text => [...text.split('\n'), ...text.split(/[",=\s]+/)]);
}

describe('what the seeds record', () => {
  it('holds no number of a person and bears no marking, but in one command that seals it and in one that is shown refused', () => {
    const all = texts();
    expect(all.length).toBeGreaterThan(10_000);
    expect(all.filter(text => personalIn(text) !== null || bearsMarking(text))).toEqual([
      expect.stringMatching(/^qifeng act certificate\/.* --meta holder-id=11010519491231002X --key /),
      '11010519491231002X',
      expect.stringMatching(/^qifeng act credit\/.*11010519491231002X --receipts refused/),
      '证件号11010519491231002X',
    ]);
  });
});
