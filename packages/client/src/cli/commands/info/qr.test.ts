import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import decodeQR from 'qr/decode.js';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../run.ts';
import { MAX_QR_BYTES } from './qr.ts';

const FIXTURES = fileURLToPath(new URL('../../../../../../tests/fixtures', import.meta.url));
const NODE = 'http://127.0.0.1:8101';
const home = mkdtempSync(join(tmpdir(), 'qifeng-qr-'));
for (const fixture of ['first-light', 'epochs'])
  cpSync(join(FIXTURES, fixture), join(home, fixture), { recursive: true });
writeFileSync(join(home, 'cluster.json'), JSON.stringify([{ url: NODE }]));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** `qifeng info … --qr code.svg`: its JSON, and what a scanner reads from the image. */
async function drawn(receipt: string, genesis: string) {
  let out = '';
  const code = await run(
    ['--json', 'info', receipt, '--genesis', genesis, '--qr', 'code.svg'],
    {
      stdout: text => {
        out += text;
      },
      stderr: () => {},
      env: { QIFENG_HOME: home },
      cwd: home,
      columns: undefined,
      colour: { out: false, err: false },
      screen: null,
      askSecret: null,
    },
    new AbortController().signal,
  );
  return { code, said: JSON.parse(out) as { verified: boolean; index: number; qr: object | null } };
}

/** The dark squares of the image, one path of steps each drawn from the last. */
function squares(svg: string): (readonly [x: number, y: number])[] {
  const [, path = ''] = / d="([^"]*)"/.exec(svg) ?? [];
  let [x, y] = [0, 0];
  return [...path.matchAll(/([Mm])(-?\d+)[ ,]?(-?\d+)/g)].map(([, kind, a, b]) => {
    [x, y] = kind === 'M' ? [Number(a), Number(b)] : [x + Number(a), y + Number(b)];
    return [x, y];
  });
}

function scanned(svg: string): string {
  const side = Number(/viewBox="0 0 (\d+) /.exec(svg)![1]);
  const scale = 4;
  const width = side * scale;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [x, y] of squares(svg))
    for (let row = y * scale; row < (y + 1) * scale; row++)
      for (let column = x * scale; column < (x + 1) * scale; column++)
        data.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
  return decodeQR({ width, height: width, data }, { timeLimit: 10_000 });
}

const read = (file: string) => readFileSync(join(home, file), 'utf8');

describe('qifeng info --qr', () => {
  it('writes a code that gives the very receipt back', async () => {
    const receipt = 'first-light/notice.md.tlog-proof';
    const { code, said } = await drawn(receipt, 'first-light/genesis.cbor');
    const text = read(receipt);
    expect([code, said.verified, said.qr]).toEqual([
      0,
      true,
      { file: 'code.svg', holds: 'receipt', bytes: Buffer.byteLength(text) },
    ]);
    expect(scanned(read('code.svg'))).toBe(text);
  });

  it('writes the address of a receipt that no code holds', async () => {
    const receipt = 'epochs/late.md.tlog-proof';
    expect(read(receipt).length).toBeGreaterThan(MAX_QR_BYTES);
    const { code, said } = await drawn(receipt, 'epochs/genesis.cbor');
    expect([code, said.qr]).toMatchObject([0, { holds: 'address' }]);
    expect(scanned(read('code.svg'))).toBe(`${NODE}/v1/records/${said.index}/receipt`);
  });

  it('draws no false receipt', async () => {
    rmSync(join(home, 'code.svg'));
    const { code, said } = await drawn('first-light/notice.md.tlog-proof', 'epochs/genesis.cbor');
    expect([code, said.verified, said.qr]).toEqual([1, false, null]);
    expect(() => read('code.svg')).toThrow(/ENOENT/);
  });
});
