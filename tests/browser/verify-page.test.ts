import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseAll, DOCUMENT, drop, GENESIS, RECEIPT, trustFixture, verdictOn } from './steps.ts';
import { fixturePath, startVisit, type Visit } from './visit.ts';

let visit: Visit;
let folder: string;
beforeAll(async () => {
  visit = await startVisit();
  folder = mkdtempSync(join(tmpdir(), 'qifeng-browser-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await visit.close();
});

function changed(name: string, at: number): string {
  const bytes = readFileSync(fixturePath(name));
  bytes[at]! ^= 1;
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const DIGEST = 'sha256:ee81235d4a6ce7fbcc49b7cb7dab845a5f2f3fe25f8af433e736f79c41563925';
const CHAIN = 'Qifeng fixture (fixture.qifeng.example/6f9bb8ef7b06a455d55b84f2487cc8c1)';

describe('the committed receipt, verified by a person', () => {
  it('reads in Chinese what was recorded, by whom and when', async () => {
    const visitor = await visit.open({ locale: 'zh-CN' });
    const { page } = visitor;
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
    await trustFixture(page);
    await page.setInputFiles('#document', [DOCUMENT, RECEIPT]);
    expect(await verdictOn(page)).toEqual({
      heading: '已验证',
      sentence: 'notice.md 就是当初存证的那份文件。',
      links: ['good', 'good', 'good', 'good'],
      rows: {
        存证时间: '2020-09-13 20:26:42 +08:00',
        发布机构: '演示发布机构 (11100000000013338W)',
        标题: '文件2',
        标的: 'policy/11100000000013338W/2',
        事项: 'policy · publish',
        位置: '区块高度 1，日志序号 1',
        省级联署: '北京市 110000、天津市 120000、河北省 130000（4 个省级节点中的 3 个）',
        最迟存在于: '2020-09-13 20:26:44 +08:00',
        文件摘要: DIGEST,
        所属链: CHAIN,
      },
    });
    expect(await page.getByRole('status').textContent()).toBe('已验证: notice.md 就是当初存证的那份文件。');
    expect(visitor.problems).toEqual([]);
  });

  it('reads the same in English after the switch, and remembers it', async () => {
    const { page } = await visit.open({ locale: 'zh-CN' });
    await trustFixture(page);
    await page.setInputFiles('#document', [DOCUMENT, RECEIPT]);
    await verdictOn(page);
    await page.getByRole('button', { name: 'English' }).click();
    const { heading, rows } = await verdictOn(page);
    expect(heading).toBe('Verified');
    expect(rows).toMatchObject({
      publisher: '演示发布机构 (11100000000013338W)',
      'cosigned by': 'Beijing 110000, Tianjin 120000, Hebei 130000 (3 of 4 provinces)',
      'existed no later than': '2020-09-13 20:26:44 +08:00',
      digest: DIGEST,
    });
    await page.reload();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Verify a document');
  });

  it('is taken from a drop as well, with all three files at once', async () => {
    const { page } = await visit.open();
    expect((await drop(page, GENESIS, DOCUMENT, RECEIPT)).heading).toBe('Verified');
  });

  it('needs no mouse: labels, order of focus, a name for everything', async () => {
    const { page } = await visit.open();
    await page.getByLabel('Document', { exact: true }).focus();
    const names: (string | null)[] = [];
    for (let i = 0; i < 5; i++) {
      names.push(
        await page.evaluate<string | null>(
          "((at) => at.getAttribute('aria-labelledby') ?? (at.id || at.textContent))(document.activeElement)",
        ),
      );
      await page.keyboard.press('Tab');
    }
    expect(names.map(name => name!.trim())).toEqual([
      'document-title',
      'receipt-title',
      'status-title',
      'max-age',
      'Pin this genesis',
    ]);
    const described = await page.getByLabel('Receipt', { exact: true }).getAttribute('aria-describedby');
    expect(described).toBe('receipt-name receipt-hint');
  });

  it('fits a phone: nothing is wider than the screen', async () => {
    const { page } = await visit.open();
    await page.setViewportSize({ width: 360, height: 740 });
    await trustFixture(page);
    await page.setInputFiles('#document', [DOCUMENT, RECEIPT]);
    await verdictOn(page);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
});

describe('what is false is refused with its code', () => {
  it('a byte changed in the file or in the receipt', async () => {
    const { page, problems } = await visit.open();
    await trustFixture(page);
    const cases = [
      ['notice.md', 40, 'file-mismatch', ['bad', 'good', 'good', 'good']],
      ['notice.md.tlog-proof', 3, 'proof-header', ['unknown', 'unknown', 'unknown', 'unknown']],
      ['notice.md.tlog-proof', 1690, 'bad-cosignature', ['unknown', 'good', 'good', 'bad']],
    ] as const;
    for (const [name, at, code, links] of cases) {
      const path = changed(name, at);
      const [document, receipt] = name === 'notice.md' ? [path, RECEIPT] : [DOCUMENT, path];
      await chooseAll(page, document, receipt);
      const verdict = await verdictOn(page);
      expect(verdict).toMatchObject({ heading: 'Not verified', links, rows: { code } });
      expect(verdict.sentence).toMatch(/\w/);
      expect(verdict.rows['next']).toMatch(/\w/);
    }
    expect(problems).toEqual([]);
  });

  it('another chain: the receipt against the genesis of this node', async () => {
    const { page } = await visit.open({ locale: 'zh-CN' });
    await page.setInputFiles('#document', [DOCUMENT, RECEIPT]);
    const { heading, sentence, rows } = await verdictOn(page);
    expect([heading, sentence]).toEqual(['未通过验证', '存证凭证与创世文件不属于同一条链。']);
    expect(rows).toMatchObject({ 代码: 'wrong-chain' });
  });

  it('a file of 12 MB, hashed as a stream with its progress shown', async () => {
    const { page } = await visit.open();
    const path = join(folder, 'large.bin');
    const bytes = randomBytes(12 << 20);
    writeFileSync(path, bytes);
    await page.evaluate(`{
      globalThis.seen = new Set();
      const watch = () => seen.add(document.querySelector('#verdict progress')?.value);
      new MutationObserver(watch).observe(document.querySelector('#verdict'), { childList: true });
    }`);
    await trustFixture(page);
    await chooseAll(page, path, RECEIPT);
    const { rows } = await verdictOn(page);
    expect(rows['detail']).toContain(createHash('sha256').update(bytes).digest('hex'));
    const shares = await page.evaluate<number[]>('[...seen].filter(share => share > 0)');
    expect(shares.length).toBeGreaterThan(1);
  });
});

describe('nothing is sent', () => {
  it('could not send it anywhere: the policy refuses scripts and addresses that are not the node’s', async () => {
    const { page, problems } = await visit.open();
    const refused = await page.evaluate(`(async () => {
      const violations = [];
      document.addEventListener('securitypolicyviolation', event => violations.push(event.effectiveDirective));
      const script = document.createElement('script');
      script.textContent = 'globalThis.ran = true';
      document.body.append(script);
      await fetch('http://127.0.0.1:9/').catch(() => {});
      await new Promise(resolve => setTimeout(resolve, 50));
      return { ran: globalThis.ran === true, violations };
    })()`);
    expect(refused).toEqual({ ran: false, violations: ['script-src-elem', 'connect-src'] });
    expect(problems.length).toBeGreaterThan(0);
  });

  it('verifies with the network cut, and before that asked for pages, the genesis and the profiles there are', async () => {
    const { page, requests } = await visit.open();
    // The last visit of this file: what it shares with others stays cut off.
    await page.context().setOffline(true);
    await trustFixture(page);
    await page.setInputFiles('#document', [DOCUMENT, RECEIPT]);
    expect((await verdictOn(page)).heading).toBe('Verified');
    const paths = requests.map(request => {
      const { origin, pathname, search } = new URL(request.url());
      expect([request.method(), origin, request.postData()]).toEqual(['GET', visit.url, null]);
      return pathname + search;
    });
    const others = paths.filter(path => !path.startsWith(visit.assets));
    // The question is the same whatever is verified.
    const profiles = '/v1/search?profile=governance&q=profile&limit=256';
    expect(others.sort()).toEqual(['/', '/genesis.cbor', profiles]);
  });
});
