import { readFileSync, writeFileSync } from 'node:fs';
import decodeQR from 'qr/decode.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { changeLine, Workplace } from './harness.ts';

const RECEIPT = 'notice.md.tlog-proof';
const place = new Workplace();
beforeAll(() => writeFileSync(place.path('cluster.json'), '[{"url":"http://127.0.0.1:8101"}]'));
afterAll(() => place.remove());

const info = (...args: readonly string[]) =>
  place.inProcess(['--json', 'info', ...args], { QIFENG_HOME: place.folder });

/** What a scanner reads: the squares of the SVG, drawn large, on white. */
function scanned(svg: string): string {
  const side = Number(/viewBox="0 0 (\d+) /.exec(svg)![1]);
  const scale = 4;
  const width = side * scale;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const square of squares(svg))
    for (let y = square.y * scale; y < (square.y + 1) * scale; y++)
      for (let x = square.x * scale; x < (square.x + 1) * scale; x++)
        data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
  return decodeQR({ width, height: width, data }, { timeLimit: 10_000 });
}

/** The dark squares of the image: each is `<rect x= y=>`, or a step `M x y` of one path. */
function squares(svg: string): { readonly x: number; readonly y: number }[] {
  return [...svg.matchAll(/<rect x="(\d+)" y="(\d+)"/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
}

it('a receipt becomes a QR code that gives the very receipt back', async () => {
  const { exit, stdout } = await info(RECEIPT, '--qr', 'code.svg');
  const receipt = readFileSync(place.path(RECEIPT), 'utf8');
  expect([exit, JSON.parse(stdout)]).toMatchObject([
    0,
    { verified: true, qr: { holds: 'receipt', bytes: receipt.length } },
  ]);
  expect(scanned(readFileSync(place.path('code.svg'), 'utf8'))).toBe(receipt);
});
