import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from './config.ts';
import { initNodeHome, openNodeHome, replaceVotingKeys } from './node-home.ts';

let folder: string;
const home = (): string => join(folder, 'node');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qifeng-home-'));
  initNodeHome(home(), '110000', DEFAULT_CONFIG);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the keys of a home', () => {
  const keys = () => {
    const { validator, log, p2p } = openNodeHome(home(), {}).keys;
    return [validator, log, p2p].map(({ publicKey }) => Buffer.from(publicKey).toString('hex'));
  };

  it('are replaced but for the one that others know it by', () => {
    const before = keys();
    replaceVotingKeys(home());
    const after = keys();
    expect(after.map((key, i) => key === before[i])).toEqual([false, false, true]);
  });

  it('are replaced when they are lost, which a home without them says', () => {
    rmSync(join(home(), 'keys', 'validator.pem'));
    expect(keys).toThrow('validator.pem is missing');
    replaceVotingKeys(home());
    expect(new Set(keys()).size).toBe(3);
    expect(readFileSync(join(home(), 'keys', 'validator.pem'), 'utf8')).toContain('PRIVATE KEY');
  });
});
