import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode, genesisCodec, u32 } from '@qifeng/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testGenesis } from '../../../../../tests/fixtures/builder.ts';
import { pathsIn } from '../../config/node-home.ts';
import { decodeGuard } from '../../engine/wire/records.ts';
import { BUCKET, numberKey } from '../../storage/buckets.ts';
import { openGuardFile } from '../../storage/file-guard.ts';
import { openLevelStore } from '../../storage/level-store.ts';
import { read, SealedBatch } from '../../storage/sealed.ts';
import { sealedEntries } from '../../storage/sealed-entries.ts';
import { command, inLevel, loneHome, whileRunning } from '../testing/lone-home.ts';
import type { BackupManifest } from './format.ts';
import { openBackup } from './read.ts';
import { writeBackup } from './write.ts';

const DOCUMENTS = 5;
const folder = mkdtempSync(join(tmpdir(), 'qifeng-backup-'));
const at = (name: string): string => join(folder, name);
const home = at('node');
const file = at('whole.backup');

beforeAll(async () => {
  await loneHome(home, DOCUMENTS);
  expect((await command(['backup', '--home', home, '--out', file, '--with-keys'])).exit).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const restore = (from: string, to: string, ...more: readonly string[]) =>
  command(['restore', from, '--home', to, ...more]);

/** All that a store holds, as text. */
const content = (path: string): Promise<readonly string[]> =>
  inLevel(path, async level => {
    const found: string[] = [];
    for await (const { key, sealed } of sealedEntries(level))
      found.push(`${Buffer.from(key).toString('hex')} ${Buffer.from(sealed!).toString('hex')}`);
    return found;
  });

describe('a backup of a node', () => {
  it('comes back as it was, but for its memory: the key signs nothing any more', async () => {
    const restored = at('restored');
    const said = await restore(file, restored);
    expect([said.exit, said.json]).toMatchObject([0, { member: '110000', height: DOCUMENTS, amnesia: true }]);
    expect(readdirSync(restored).sort()).toEqual(['config.toml', 'db', 'genesis.cbor', 'keys', 'member']);
    for (const name of [
      'config.toml',
      'genesis.cbor',
      'member',
      'keys/validator.pem',
      'keys/log.pem',
      'keys/p2p.pem',
    ])
      expect(readFileSync(join(restored, name))).toEqual(readFileSync(join(home, name)));
    expect(await content(restored)).toEqual(await content(home));
    const { keys, guard } = pathsIn(restored);
    expect(statSync(keys).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(keys)) expect(statSync(join(keys, name)).mode & 0o777).toBe(0o600);
    expect(decodeGuard(openGuardFile(guard).read()!).amnesiac).toBe(true);
    expect((await command(['check', '--home', restored])).json).toMatchObject({
      blocks: DOCUMENTS,
      flaws: [],
    });
    // The one validator of this chain: without its vote nothing is final, with it all is.
    expect(await whileRunning(restored, submit => submit(DOCUMENTS + 1, 300))).toBe('not-final');
    const copy = at('copy');
    cpSync(home, copy, { recursive: true });
    expect(await whileRunning(copy, submit => submit(DOCUMENTS + 1))).toBe('final');
  });

  it('holds keys only if asked, and is then its owner’s alone; without, they are given beside it', async () => {
    const plain = await command(['backup', '--home', home, '--out', folder]);
    expect(plain.json).toMatchObject({ file: at(`110000-${DOCUMENTS}.backup`), keys: false });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(plain.json.file, 'latin1');
    const secret = readFileSync(join(home, 'keys/validator.pem'), 'latin1').split('\n')[1]!;
    expect(text).not.toContain(secret);
    expect(readFileSync(file, 'latin1')).toContain(secret);
    const to = at('keyless');
    expect((await restore(plain.json.file, to)).json.error.code).toBe('no-keys-in-backup');
    expect((await restore(plain.json.file, to, '--keys', folder)).json.error.code).toBe('key-missing');
    await command(['init', '--no-passphrase', '--member', '120000', '--home', at('other')]);
    const wrong = await restore(plain.json.file, to, '--keys', at('other/keys'));
    expect(wrong.json.error.code).toBe('other-keys');
    expect(existsSync(to)).toBe(false);
    expect((await restore(plain.json.file, to, '--keys', join(home, 'keys'))).exit).toBe(0);
    expect(readFileSync(join(to, 'keys/validator.pem'))).toEqual(
      readFileSync(join(home, 'keys/validator.pem')),
    );
  });

  it('may be of a store that begins with a snapshot', async () => {
    const [snapshot, follower] = [at('state.snapshot'), at('follower')];
    await command(['snapshot', 'export', '--home', home, '--out', snapshot]);
    await command(['init', '--no-passphrase', '--member', '110000', '--home', follower]);
    await command([
      'snapshot',
      'import',
      snapshot,
      '--home',
      follower,
      '--genesis',
      join(home, 'genesis.cbor'),
    ]);
    const saved = await command(['backup', '--home', follower, '--out', at('based.backup'), '--with-keys']);
    expect([saved.exit, saved.json]).toMatchObject([0, { height: DOCUMENTS }]);
    expect((await restore(at('based.backup'), at('based'))).json).toMatchObject({ height: DOCUMENTS });
    expect((await command(['check', '--home', at('based')])).json).toMatchObject({
      from: DOCUMENTS,
      flaws: [],
    });
  });

  it('is not taken of a node that runs, nor of a damaged store, nor over another file', async () => {
    const again = await command(['backup', '--home', home, '--out', file]);
    expect([again.exit, again.json.error.code]).toEqual([2, 'file-failed']);
    const store = await openLevelStore(pathsIn(home).db);
    const running = await command(['backup', '--home', home, '--out', at('running')]);
    await store.close();
    expect([running.exit, running.json.error]).toMatchObject([2, { code: 'store-in-use', next: /stop/ }]);
    const damaged = at('damaged');
    cpSync(home, damaged, { recursive: true });
    await inLevel(damaged, async level => {
      const name = numberKey(BUCKET.block, 3);
      const value = Uint8Array.from(level.get(name)!);
      value[9]! ^= 1;
      await level.write([[name, value]], true);
    });
    const said = await command(['backup', '--home', damaged, '--out', at('of-damaged')]);
    expect([said.exit, said.json.error]).toMatchObject([1, { code: 'store-unsound', next: /repair/ }]);
    expect([existsSync(at('running')), existsSync(at('of-damaged'))]).toEqual([false, false]);
  });
});

describe('restore', () => {
  it('refuses a backup in which any byte is another, that is cut off or goes on, and leaves nothing behind', async () => {
    const whole = readFileSync(file);
    const to = at('never');
    const tried: Uint8Array[] = [
      whole.subarray(0, whole.length - 1),
      whole.subarray(0, whole.length - 36),
      whole.subarray(0, 30),
      Buffer.concat([whole, Buffer.alloc(1)]),
      Buffer.concat([whole, Buffer.from(u32(0))]),
      Buffer.from(whole.toString('latin1').replace('backup@v1', 'backup@v2'), 'latin1'),
      new Uint8Array(0),
    ];
    for (let place = 0; place < 60; place++) {
      const changed = Uint8Array.from(whole);
      changed[Math.floor((place * whole.length) / 60)]! ^= 0x20;
      tried.push(changed);
    }
    for (const bytes of tried) {
      writeFileSync(at('changed'), bytes);
      const said = await restore(at('changed'), to);
      expect([said.exit, said.json.error.code]).toEqual([1, 'bad-backup']);
    }
    expect([existsSync(to), existsSync(`${to}.restoring`)]).toEqual([false, false]);
  });

  it('checks the store against its certificates, whatever the hash of the file says', async () => {
    const forged = at('forged');
    cpSync(home, forged, { recursive: true });
    await inLevel(forged, async level => {
      const batch = new SealedBatch();
      const name = numberKey(BUCKET.certificate, 2);
      batch.put(name, read(level, numberKey(BUCKET.certificate, 3))!);
      await level.write(batch.changes, true);
    });
    const opened = await openBackup(file);
    const manifest: BackupManifest = opened.manifest;
    await opened.close();
    await writeBackup(at('forged.backup'), manifest, pathsIn(forged).db);
    const said = await restore(at('forged.backup'), at('never'));
    expect(said.json.error).toMatchObject({ code: 'bad-backup', why: /certificate of block 2/ });
    const short = { ...manifest, height: manifest.height + 1 };
    await writeBackup(at('short.backup'), short, pathsIn(home).db);
    expect((await restore(at('short.backup'), at('never'))).json.error.why).toMatch(/ends at block 5, not 6/);
    expect([existsSync(at('never')), existsSync(at('never.restoring'))]).toEqual([false, false]);
  });

  it('overwrites nothing, takes an empty folder, and holds the chain against one that is trusted', async () => {
    const taken = await restore(file, home);
    expect([taken.exit, taken.json.error.code]).toEqual([2, 'home-not-empty']);
    const genesis = at('genesis.cbor');
    writeFileSync(genesis, encode(genesisCodec, testGenesis()));
    const other = await restore(file, at('empty'), '--genesis', genesis);
    expect([other.exit, other.json.error.code]).toEqual([2, 'other-chain']);
    mkdirSync(at('empty'));
    expect((await restore(file, at('empty'), '--genesis', join(home, 'genesis.cbor'))).exit).toBe(0);
  });

  it('and backup say what was done, and what the node cannot do then, in both languages', async () => {
    const en = await command(['restore', file, '--home', at('en')], 'en');
    expect(en.text).toMatch(/110000 up to block 5[\s\S]*vote +none/);
    const zh = await command(['restore', file, '--home', at('zh')], 'zh');
    expect(zh.text).toMatch(/110000，至区块 5[\s\S]*投票权 +无/);
    const saved = await command(['backup', '--home', at('zh'), '--out', at('zh.backup')], 'zh');
    expect(saved.text).toMatch(/不在此文件中/);
  });
});
