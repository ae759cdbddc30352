import { readFileSync, writeFileSync } from 'node:fs';
import { parseReceipt, profileFromJson, sealEntry, toHex } from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeReceipt, PUBLISHER, seed, testEntry, testGenesis, unwrap } from '../fixtures/builder.ts';
import { Publisher } from './publisher.ts';

const certificate = unwrap(
  profileFromJson(readFileSync(new URL('../../seeds/profiles/certificate.json', import.meta.url), 'utf8')),
);
const LICENCE = `certificate/${PUBLISHER}/L-1`;
const TERM = { effective: '2020-01-01', expires: '2999-12-31' };

let us: Publisher;
const run = (...args: string[]) => us.place.inProcess(args);
const done = async (...args: string[]) => {
  const { exit, stdout, stderr } = await run(...args);
  expect([exit, stderr]).toEqual([0, '']);
  return stdout;
};
const metaOf = (fields: Record<string, string>) =>
  Object.entries(fields).flatMap(([name, value]) => ['--meta', `${name}=${value}`]);
/** Records an action on the licence; its receipt, and a presentation of it that shows all but the file unless told. */
const act = async (action: string, file: string | null, fields: Record<string, string> = {}) => {
  await done('act', LICENCE, action, ...(file === null ? [] : [file]), ...metaOf(fields));
};
const present = (file: string, disclose: string, to = 'shown') =>
  done('present', `${file}.tlog-proof`, '--disclose', disclose, '--out', to);
/** Exit code, code and verdict of the clerk's question. */
const ask = async (x = 'shown', ...more: string[]) => {
  const { exit, stdout } = await run('status', x, '--in-force', '--json', ...more);
  const said = JSON.parse(stdout);
  return [exit, said.code ?? said.error?.code ?? null, said.verdict];
};

beforeEach(async () => {
  us = await Publisher.make({ ...testGenesis(), profiles: [certificate] });
  us.write('licence.md', 'licence-2.md', 'order.md');
});
afterEach(() => us.remove());

describe('a counter asks with the presentation alone whether a certificate is in force', () => {
  it('it is: by its standing, its version and the dates that are shown', async () => {
    await act('issue', 'licence.md', { title: '演示', holder: '企业甲', ...TERM });
    await present('licence.md', 'title,effective,expires');
    const { exit, stdout } = await us.place.spawned(['status', 'shown', '--in-force']);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^✓ shown {2}In force\n {4}shown +Title = 演示\n/);
    expect(stdout).toMatch(/valid +from 2020-01-01 to 2999-12-31\n {4}hidden +Holder, digest of the file\n/);
    expect(stdout).toMatch(/^✓ certificate\/\S+ {2}In force\n/m);
    const said = JSON.parse(await done('status', 'shown', '--json'));
    expect(said).toMatchObject({
      verdict: 'in-force',
      undisclosed: [],
      record: { index: 0, version: 1, disclosed: { meta: { title: '演示', ...TERM }, flaws: [] } },
      subjects: [{ verdict: 'in-force', current: true }],
    });
  });

  it('not when its term is over or has not begun', async () => {
    await act('issue', 'licence.md', { effective: '2019-01-01', expires: '2020-01-01' });
    await present('licence.md', 'effective,expires');
    expect(await ask()).toEqual([1, 'not-in-force', 'lapsed']);
    const shown = await run('status', 'shown', '--in-force', '--lang', 'zh');
    expect([shown.exit, shown.stdout]).toEqual([1, expect.stringMatching(/^– shown {2}失效\n/)]);
    expect(shown.stderr).toContain('当前不具有效力');
    // Whatever else is hidden, what is over is over.
    await present('licence.md', 'expires');
    expect(await ask()).toEqual([1, 'not-in-force', 'lapsed']);
    await done(
      'act',
      LICENCE,
      'change',
      'licence-2.md',
      ...metaOf({ effective: '2998-01-01', expires: '2999-01-01' }),
    );
    await present('licence-2.md', 'effective,expires');
    expect(await ask()).toEqual([1, 'not-in-force', 'not-yet']);
    expect(await ask('licence-2.md.tlog-proof')).toEqual([1, 'not-in-force', 'not-yet']);
  });

  it('nor do verify and report call it so, nor what does not show its dates', async () => {
    await act('issue', 'licence.md', { effective: '2019-01-01', expires: '2020-01-01' });
    const said = async (receipt: string, lang: string) => {
      const verified = await run('verify', 'licence.md', '--receipt', receipt, '--lang', lang);
      const args = ['licence.md', '--receipt', receipt, '--out', 'r.html', '--force'];
      await done('report', ...args);
      return [verified.stdout, readFileSync(us.place.path('r.html'), 'utf8')].join('\n');
    };
    const told = async (receipt: string) => {
      const { standing } = JSON.parse(await done('verify', 'licence.md', '--receipt', receipt, '--json'));
      return [standing.verdict, standing.inForce, standing.undisclosed];
    };
    const whole = 'licence.md.tlog-proof';
    expect(await told(whole)).toEqual(['lapsed', false, []]);
    expect(await said(whole, 'en')).toMatch(/standing +Lapsed[\s\S]*目前并非有效：失效/);
    await present('licence.md', 'effective,digest');
    expect(await told('shown')).toEqual(['in-force', false, ['expires']]);
    expect(await said('shown', 'zh')).toMatch(/当前效力 +有效期未全部出示[\s\S]*有效期未全部出示/);
    // Of an earlier text the dates are not those of the present one.
    await act('change', 'licence-2.md', TERM);
    expect(await told(whole)).toEqual(['in-force', false, ['effective', 'expires']]);
    const later = await done('verify', 'licence-2.md', '--json');
    expect(JSON.parse(later).standing).toMatchObject({ inForce: true, undisclosed: [] });
  });

  it('not when it was changed since: the later version is another file', async () => {
    await act('issue', 'licence.md', TERM);
    await present('licence.md', 'effective,expires');
    expect(await ask()).toEqual([0, null, 'in-force']);
    await act('change', 'licence-2.md', { scope: '演示' });
    expect(await ask()).toEqual([1, 'not-in-force', 'superseded']);
    expect((await run('status', 'shown')).stdout).toMatch(/^– shown {2}Superseded\n[\s\S]*another file/);
    // The change leaves its dates as an earlier record said them, and does not show that record.
    await present('licence-2.md', 'scope', 'second');
    expect(await ask('second')).toEqual([1, 'standing-unproven', 'in-force']);
    await act('change', 'order.md', TERM);
    await present('order.md', 'effective,expires', 'third');
    expect(await ask('third')).toEqual([0, null, 'in-force']);
  });

  it('not while it is suspended, again when it is resumed, and not once it is revoked', async () => {
    await act('issue', 'licence.md', TERM);
    await present('licence.md', 'effective,expires');
    await act('suspend', null);
    expect(await ask()).toEqual([1, 'not-in-force', 'suspended']);
    await act('resume', null);
    expect(await ask()).toEqual([0, null, 'in-force']);
    await act('revoke', null);
    expect(await ask()).toEqual([1, 'not-in-force', 'revoked']);
  });

  it('is not told where a date is hidden, or nothing is presented', async () => {
    await act('issue', 'licence.md', { title: '演示', ...TERM });
    for (const [shown, hidden] of [
      ['title', ['effective', 'expires']],
      ['title,expires', ['effective']],
      ['effective', ['expires']],
    ] as const) {
      await present('licence.md', shown);
      expect(await ask()).toEqual([1, 'standing-unproven', 'in-force']);
      expect(JSON.parse(await done('status', 'shown', '--json')).undisclosed).toEqual(hidden);
    }
    expect(await done('status', 'shown')).toMatch(
      /^– shown {2}Its dates are not shown\n[\s\S]*not shown +expires\n/,
    );
    expect(await ask(LICENCE)).toEqual([1, 'standing-unproven', 'in-force']);
    expect(await done('status', LICENCE)).toContain('Its dates are sealed');
    await present('licence.md', 'digest');
    const file = ['verify', 'licence.md', '--receipt', 'shown', '--in-force', '--json'];
    const verified = await run(...file);
    expect([verified.exit, JSON.parse(verified.stdout).code]).toEqual([1, 'standing-unproven']);
    // One that was issued without dates has none that could be hidden.
    const other = `certificate/${PUBLISHER}/L-2`;
    await done('act', other, 'issue', 'order.md', '--meta', 'title=演示');
    expect(await ask(other)).toEqual([0, null, 'in-force']);
    await present('order.md', 'title');
    expect(await ask()).toEqual([0, null, 'in-force']);
  });

  it('by a proof in a file, which must be of after the record', async () => {
    await act('issue', 'licence.md', TERM);
    await present('licence.md', 'effective,expires');
    await done('status', 'shown', '--save');
    await act('change', 'licence-2.md', TERM);
    await present('licence-2.md', 'effective,expires', 'second');
    const saved = ['--status-proof', 'shown.status-proof', '--node', 'http://127.0.0.1:1'];
    expect(await ask('shown', ...saved)).toEqual([0, null, 'in-force']);
    expect((await ask('second', ...saved)).slice(0, 2)).toEqual([1, 'status-older']);
  });

  it('and not with a receipt that does not verify', async () => {
    await act('issue', 'licence.md', TERM);
    await present('licence.md', 'effective,expires', 'shown.tlog-proof');
    const whole = readFileSync(us.place.path('shown.tlog-proof'));
    writeFileSync(us.place.path('cut.tlog-proof'), whole.subarray(0, 200));
    expect((await ask('cut.tlog-proof')).slice(0, 2)).toEqual([1, 'proof-truncated']);
    const at = whole.indexOf('\nindex');
    const changed = Buffer.concat([whole.subarray(0, at - 60), Buffer.from('AAAA'), whole.subarray(at - 56)]);
    writeFileSync(us.place.path('changed'), changed);
    expect((await ask('changed'))[0]).toBe(1);
    expect((await ask('none.tlog-proof')).slice(0, 2)).toEqual([2, 'file-missing']);
  });

  it('of a record in the open too', async () => {
    await done('stamp', 'paper.md', '--meta', 'number=A');
    expect(await ask('paper.md.tlog-proof')).toEqual([0, null, 'in-force']);
    await done('act', `policy/${PUBLISHER}/A`, 'repeal');
    expect(await ask('paper.md.tlog-proof')).toEqual([1, 'not-in-force', 'repealed']);
  });
});

describe('what is disclosed and breaks its profile’s format', () => {
  const ID = '1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U';
  const shownWith = async (meta: Record<string, string>) => {
    const plain = { ...testEntry('x', new Uint8Array(1)), profile: 'certificate', action: 'issue' };
    const { entry, opening } = sealEntry(
      { ...plain, meta: new Map(Object.entries(meta)) },
      toHex(seed('subject', 32)),
      nativeHasher,
      () => seed('salt', 32),
    );
    const receipt = makeReceipt(us.ledger.chain, { entries: [entry], at: 0, extra: { opening } });
    expect(parseReceipt(receipt).ok).toBe(true);
    writeFileSync(us.place.path('shown'), receipt);
    const { disclosed } = JSON.parse(await done('info', 'shown', '--json'));
    return disclosed;
  };

  it('is shown as such, with its code', async () => {
    expect((await shownWith({ 'certificate-id': ID, expires: '2999-12-31' })).flaws).toEqual([]);
    const bad = await shownWith({
      'certificate-id': ID.replace(/U$/, 'V'),
      expires: '2999-02-30',
      photo: 'x',
    });
    expect(bad.flaws).toEqual([
      { field: 'photo', code: 'unknown-field', detail: 'action issue has no field photo' },
      {
        field: 'expires',
        code: 'bad-field',
        detail: expect.stringContaining('field expires must be a calendar date'),
      },
      {
        field: 'certificate-id',
        code: 'bad-field',
        detail: expect.stringContaining('field certificate-id must be a certificate id'),
      },
    ]);
    expect(bad.validity).toBeNull();
    expect(await done('info', 'shown')).toMatch(/not valid +bad-field: field certificate-id must be/);
    expect(await done('info', 'shown', '--lang', 'zh')).toContain('不合规范');
  });
});
