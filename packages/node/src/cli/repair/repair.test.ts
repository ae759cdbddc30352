import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LONE_CHAIN } from '../../../../../tests/fixtures/lone-validator.ts';
import { pathsIn } from '../../config/node-home.ts';
import { wireCodecs } from '../../engine/wire/codecs.ts';
import { decodeGuard, recordCodec } from '../../engine/wire/records.ts';
import { BUCKET, type Bucket, numberKey } from '../../storage/buckets.ts';
import { openGuardFile } from '../../storage/file-guard.ts';
import { openFileLog } from '../../storage/file-log.ts';
import { openLevelStore } from '../../storage/level-store.ts';
import { read, SealedBatch } from '../../storage/sealed.ts';
import { sealedEntries } from '../../storage/sealed-entries.ts';
import { command, inLevel, loneHome, type Said, whileRunning } from '../testing/lone-home.ts';

const DOCUMENTS = 6;
const folder = mkdtempSync(join(tmpdir(), 'qifeng-repair-'));
const sound = join(folder, 'sound');
let copies = 0;

beforeAll(() => loneHome(sound, DOCUMENTS));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the sound home, to be damaged. */
function copy(): string {
  const path = join(folder, `copy ${++copies}`);
  cpSync(sound, path, { recursive: true });
  return path;
}

const check = (home: string): Promise<Said> => command(['check', '--home', home]);
const repair = (home: string): Promise<Said> => command(['repair', '--home', home]);
/** What a key must never lose, or have put back. */
const memoryOf = (home: string) => [readFileSync(pathsIn(home).wal), readFileSync(pathsIn(home).guard)];
const isAmnesiac = (home: string) => decodeGuard(openGuardFile(pathsIn(home).guard).read()!).amnesiac;

/** Flips a bit in the middle of the value number `number` of a bucket; false if there is none. */
const hit = (home: string, bucket: Bucket, number: number): Promise<boolean> =>
  inLevel(home, async level => {
    let seen = 0;
    for await (const { key, sealed } of sealedEntries(level)) {
      if (key[0] !== bucket || seen++ !== number) continue;
      const value = Uint8Array.from(sealed!);
      value[value.length >> 1]! ^= 1;
      await level.write([[key, value]], true);
      return true;
    }
    return false;
  });

/** Every record that a store holds, by its leaf. */
async function leaves(home: string): Promise<readonly string[]> {
  const store = await openLevelStore(pathsIn(home).db);
  const size = store.head()?.size ?? 0;
  const found = Array.from({ length: size }, (_, index) => toHex(store.leaf(index)!));
  await store.close();
  return found;
}

describe('repair', () => {
  it('changes nothing where nothing is damaged', async () => {
    const home = copy();
    const said = await repair(home);
    expect([said.exit, said.json]).toEqual([0, { home, flaws: [], ledger: null, amnesia: null, aside: [] }]);
    expect(memoryOf(home)).toEqual(memoryOf(sound));
    expect(await whileRunning(home, submit => submit(DOCUMENTS + 1))).toBe('final');
  });

  it('works out again whatever does not stand by itself, and leaves log and guard as they are', async () => {
    const whole = await leaves(sound);
    const own = new Set<Bucket>([
      BUCKET.block,
      BUCKET.batch,
      BUCKET.certificate,
      BUCKET.evidence,
      BUCKET.pendingBatch,
    ]);
    const home = copy();
    const damaged: Bucket[] = [];
    for (const bucket of Object.values(BUCKET).filter(one => !own.has(one)))
      if (await hit(home, bucket, 0)) damaged.push(bucket);
    expect(damaged.length).toBeGreaterThan(7);
    const before = await check(home);
    expect(before.exit).toBe(1);
    for (const bucket of damaged)
      expect(before.json.flaws).toContain(`1 values of bucket ${bucket} are not as they were written`);
    const said = await repair(home);
    expect([said.exit, said.json.ledger]).toMatchObject([0, { height: DOCUMENTS, stopped: null }]);
    expect((await check(home)).json).toMatchObject({
      blocks: DOCUMENTS,
      certificates: DOCUMENTS,
      flaws: [],
    });
    expect(await leaves(home)).toEqual(whole);
    expect(memoryOf(home)).toEqual(memoryOf(sound));
    expect(said.json.aside).toEqual([join(home, 'db.before-1')]);
    expect(await whileRunning(home, submit => submit(DOCUMENTS + 1))).toBe('final');
  });

  it.each([
    ['block', BUCKET.block, 3, 3, /block 4: it is missing or damaged/],
    ['body', BUCKET.batch, 0, null, /a body is missing or damaged/],
  ])('keeps the ledger below a damaged %s', async (_, bucket, number, height, why) => {
    const home = copy();
    await hit(home, bucket, number);
    const { json } = await repair(home);
    expect(json.ledger.stopped).toMatch(why);
    expect(json.ledger.top).toBe(DOCUMENTS);
    expect(json.ledger.height).toBeLessThan(DOCUMENTS);
    if (height !== null) expect(json.ledger.height).toBe(height);
    expect((await check(home)).json).toMatchObject({ blocks: json.ledger.height, flaws: [] });
    expect(await leaves(home)).toEqual((await leaves(sound)).slice(0, json.ledger.height));
    expect([json.amnesia, memoryOf(home)]).toEqual([null, memoryOf(sound)]);
  });

  it('leaves out a certificate that is damaged, or that is not the one of its block', async () => {
    const home = copy();
    await hit(home, BUCKET.certificate, 1);
    await inLevel(home, async level => {
      const batch = new SealedBatch();
      batch.put(numberKey(BUCKET.certificate, 4), read(level, numberKey(BUCKET.certificate, 5))!);
      await level.write(batch.changes, true);
    });
    expect((await repair(home)).json.ledger).toMatchObject({ height: DOCUMENTS, stopped: null });
    expect((await check(home)).json).toMatchObject({ certificates: DOCUMENTS - 2, flaws: [] });
  });

  it('is called for where a part of the state is gone without a trace', async () => {
    const home = copy();
    await inLevel(home, async level => {
      const gone: [Uint8Array, null][] = [];
      for await (const key of level.keys(BUCKET.page)) gone.push([key, null]);
      await level.write(gone, true);
    });
    const found = await check(home);
    expect([found.exit, found.json.flaws]).toEqual([
      1,
      [expect.stringMatching(/not that of the checkpoint of block 6/)],
    ]);
    expect((await repair(home)).json.ledger).toMatchObject({ height: DOCUMENTS });
  });

  it('begins with LevelDB’s own repair where LevelDB does not open', async () => {
    for (const name of ['CURRENT', 'MANIFEST']) {
      const home = copy();
      const { db } = pathsIn(home);
      rmSync(join(db, readdirSync(db).find(one => one.startsWith(name))!));
      expect((await check(home)).exit).toBe(1);
      const said = await repair(home);
      expect([said.exit, said.json.ledger]).toMatchObject([0, { height: DOCUMENTS, top: DOCUMENTS }]);
      expect((await check(home)).json).toMatchObject({ blocks: DOCUMENTS, flaws: [] });
      expect(
        readdirSync(home)
          .filter(one => one.startsWith('db'))
          .sort(),
      ).toEqual(['db', 'db.before-1']);
    }
  });

  it('begins with nothing where nothing can be read, and says so', async () => {
    const home = copy();
    const { db } = pathsIn(home);
    for (const name of readdirSync(db)) writeFileSync(join(db, name), 'not LevelDB');
    const said = await repair(home);
    expect([said.exit, said.json.ledger]).toMatchObject([0, { height: 0, top: 0 }]);
    expect((await check(home)).json).toMatchObject({ blocks: 0, flaws: [] });
    expect(memoryOf(home)).toEqual(memoryOf(sound));
  });

  it.each(['log', 'guard', 'both'])('takes the vote from a key whose memory is damaged: %s', async which => {
    const home = copy();
    const { wal, guard } = pathsIn(home);
    const flip = (path: string, from: number, every: number): void => {
      const bytes = readFileSync(path);
      for (let at = from; at < bytes.length; at += every) bytes[at]! ^= 0x55;
      writeFileSync(path, bytes);
    };
    if (which !== 'guard') flip(wal, 60, 1 << 30);
    // The guard mends one copy by another: all are hit.
    if (which !== 'log') flip(guard, 3, 16 * 1024);
    const { exit, json } = await repair(home);
    expect([exit, json.ledger, json.amnesia]).toEqual([
      0,
      null,
      which === 'guard' ? 'guard-damaged' : 'log-damaged',
    ]);
    expect(json.aside).toEqual([
      ...(which === 'log' ? [] : [`${guard}.damaged-1`]),
      ...(which === 'guard' ? [] : [`${wal}.damaged-1`]),
    ]);
    for (const path of json.aside) expect(existsSync(path)).toBe(true);
    expect(existsSync(wal)).toBe(which === 'guard');
    expect(isAmnesiac(home)).toBe(true);
    if (which !== 'both')
      expect(await whileRunning(home, submit => submit(DOCUMENTS + 1, 300))).toBe('not-final');
    else expect((await repair(home)).json).toMatchObject({ amnesia: null, aside: [] });
  });

  it('takes the vote from a key whose log is of an epoch that the ledger does not know', async () => {
    const home = copy();
    const { wal, db } = pathsIn(home);
    const log = await openFileLog(wal);
    const records = recordCodec(wireCodecs(LONE_CHAIN.hash, nativeSuite.hasher));
    const base = { height: 3, hash: '00'.repeat(32), timestamp: 1 };
    await log.rewrite([records.encode({ type: 'epoch', epoch: 1, base })]);
    await log.close();
    await expect(whileRunning(home, async () => {})).rejects.toMatchObject({ code: 'store-behind-log' });
    await hit(home, BUCKET.page, 0);
    const { json } = await repair(home);
    expect([json.ledger.height, json.amnesia]).toEqual([DOCUMENTS, 'log-ahead']);
    expect(json.aside).toEqual([`${wal}.damaged-1`, `${db}.before-1`]);
    expect(isAmnesiac(home)).toBe(true);
    expect(await whileRunning(home, submit => submit(DOCUMENTS + 1, 300))).toBe('not-final');
  });

  it('says what it cannot mend: a store that begins with a snapshot, and one of another chain', async () => {
    const file = join(folder, 'state.snapshot');
    expect((await command(['snapshot', 'export', '--home', sound, '--out', file])).exit).toBe(0);
    const home = join(folder, 'from snapshot');
    await command(['init', '--no-passphrase', '--member', '120000', '--home', home]);
    const genesis = join(sound, 'genesis.cbor');
    expect((await command(['snapshot', 'import', file, '--home', home, '--genesis', genesis])).exit).toBe(0);
    await hit(home, BUCKET.page, 0);
    const names = readdirSync(home).sort();
    const said = await repair(home);
    expect([said.exit, said.json.error]).toMatchObject([
      1,
      { code: 'cannot-repair', why: /snapshot of block 6/, next: /snapshot import/ },
    ]);
    expect(readdirSync(home).sort()).toEqual(names);
  });

  it('is not done to a node that runs', async () => {
    const home = copy();
    const store = await openLevelStore(pathsIn(home).db);
    const said = await repair(home);
    await store.close();
    expect([said.exit, said.json.error.code]).toEqual([2, 'store-in-use']);
  });

  it('says what it did in both languages', async () => {
    const home = copy();
    await hit(home, BUCKET.block, 3);
    const en = await command(['repair', '--home', home], 'en');
    expect(en.text).toMatch(/mended[\s\S]*up to block 3[\s\S]*blocks 4 to 6 are fetched[\s\S]*as before/);
    const zh = await command(['repair', '--home', home], 'zh');
    expect(zh.text).toMatch(/没有损坏/);
  });
});
