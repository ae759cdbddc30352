import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    expect(keys).toThrow('key-missing');
    replaceVotingKeys(home());
    expect(new Set(keys()).size).toBe(3);
    expect(readFileSync(join(home(), 'keys', 'validator.pem'), 'utf8')).toContain('BEGIN PRIVATE KEY');
  });

  it('are encrypted where a passphrase was given, and open by it alone', () => {
    const path = join(folder, 'locked');
    const env = { QIFENG_NODE_PASSPHRASE: 'a long passphrase' };
    const made = initNodeHome(path, '110000', DEFAULT_CONFIG, env).keys;
    replaceVotingKeys(path, env);
    for (const name of ['validator', 'log', 'p2p'])
      expect(readFileSync(join(path, 'keys', `${name}.pem`), 'utf8')).toContain('ENCRYPTED PRIVATE KEY');
    const file = join(folder, 'passphrase');
    writeFileSync(file, 'a long passphrase\r\nand a second line\n');
    const opened = openNodeHome(path, { QIFENG_NODE_PASSPHRASE_FILE: file }).keys;
    expect(opened.p2p.publicKey).toEqual(made.p2p.publicKey);
    expect(opened.validator.publicKey).not.toEqual(made.validator.publicKey);
    expect(() => openNodeHome(path, {})).toThrow('key-encrypted');
    expect(() => openNodeHome(path, { QIFENG_NODE_PASSPHRASE: 'another' })).toThrow('key-not-opened');
    expect(() => openNodeHome(path, { QIFENG_NODE_PASSPHRASE_FILE: join(folder, 'none') })).toThrow(
      'key-missing',
    );
  });

  it('that are none are refused', () => {
    writeFileSync(join(home(), 'keys', 'log.pem'), 'no key');
    expect(keys).toThrow('key-not-opened');
  });
});
