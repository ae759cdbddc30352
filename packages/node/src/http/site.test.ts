import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { nativeHasher } from '@qifeng/core/native';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpProblem } from './problem.ts';
import { serveSite } from './serve-site.ts';
import { readSite } from './site.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qifeng-site-'));
  write('package.json', '{"name": "@test/pages"}');
  write('public/index.html', '<script type="module" src="/assets/@test/pages/dist/main.js"></script>');
  write('public/list.html', '<link rel="stylesheet" href="/assets/@test/pages/public/style.css">');
  write('public/style.css', 'body {}');
  write('public/secret.txt', 'of no kind that is served');
  write('dist/main.js', "import { a } from 'other';\nimport './part.js';\n// import 'nothing';\n");
  write('dist/part.js', 'export {};\n');
  write('dist/main.js.map', '{}');
  write('node_modules/other/package.json', '{"name": "other", "exports": "./lib/a.js"}');
  write('node_modules/other/lib/a.js', "export { b } from './b.js';\n");
  write('node_modules/other/lib/b.js', 'export const b = 1;\n');
  write('node_modules/other/lib/unused.js', 'export {};\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const textOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes!).toString();

describe('a site', () => {
  it('has the page, what stands beside it, the modules and what they import, and nothing else', () => {
    const places = [...readSite(folder).keys()].map(path => path.replace(/^\/assets\/[0-9a-f]{16}/, ''));
    expect(places.sort()).toEqual([
      '/',
      '/@test/pages/dist/main.js',
      '/@test/pages/dist/part.js',
      '/@test/pages/public/style.css',
      '/list',
      '/other/lib/a.js',
      '/other/lib/b.js',
    ]);
  });

  it('has paths for the names of packages, and leaves the rest of a module as compiled', () => {
    const site = readSite(folder);
    const page = textOf(site.get('/')?.bytes);
    const main = /src="([^"]+)"/.exec(page)![1]!;
    expect(textOf(site.get(main)?.bytes)).toBe(
      "import { a } from '../../../other/lib/a.js';\nimport './part.js';\n// import 'nothing';\n",
    );
  });

  it('moves to other paths when anything in it changes', () => {
    const before = [...readSite(folder).keys()];
    expect([...readSite(folder).keys()]).toEqual(before);
    write('node_modules/other/lib/b.js', 'export const b = 2;\n');
    const after = [...readSite(folder).keys()];
    expect(after.filter(path => before.includes(path)).sort()).toEqual(['/', '/list']);
  });

  it('refuses a module that no browser can load', () => {
    write('dist/part.js', "import { readFileSync } from 'node:fs';\n");
    expect(() => readSite(folder)).toThrow(/part\.js imports node:fs, which no browser has/);
  });
});

describe('a served site', () => {
  let app: FastifyInstance;
  let asset: string;
  beforeEach(() => {
    app = Fastify();
    app.setErrorHandler((error, _, reply) =>
      reply.code(error instanceof HttpProblem ? 404 : 500).send(String(error)),
    );
    const site = readSite(folder);
    asset = [...site.keys()].find(path => path.endsWith('main.js'))!;
    serveSite(app, site, nativeHasher);
  });
  afterEach(() => app.close());

  it('gives the page to be asked for again, and its assets for ever, both under the policy', async () => {
    const page = await app.inject({ url: '/' });
    const module = await app.inject({ url: asset });
    const other = await app.inject({ url: '/list' });
    const [, style] = /href="([^"]+)"/.exec(other.body)!;
    expect([other.headers['cache-control'], (await app.inject({ url: style! })).body]).toEqual([
      'no-cache',
      'body {}',
    ]);
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    });
    expect(module.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    for (const { headers } of [page, module, other]) {
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'; script-src 'self'");
      expect(policy).not.toContain('unsafe');
      expect(headers['referrer-policy']).toBe('no-referrer');
    }
    const again = await app.inject({ url: '/', headers: { 'if-none-match': String(page.headers.etag) } });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    const head = await app.inject({ method: 'HEAD', url: asset });
    expect([head.statusCode, head.body]).toEqual([200, '']);
  });

  it('compresses for whoever takes gzip', async () => {
    write('dist/main.js', `// ${'long '.repeat(1000)}\n`);
    const site = readSite(folder);
    const path = [...site.keys()].find(key => key.endsWith('main.js'))!;
    const other = Fastify();
    serveSite(other, site, nativeHasher);
    const { headers, rawPayload } = await other.inject({ url: path, headers: { 'accept-encoding': 'gzip' } });
    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(rawPayload).toString()).toBe(textOf(site.get(path)?.bytes));
    await other.close();
  });

  it.each([
    '/assets/',
    '/assets/../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets//etc/passwd',
    '/index.html',
    '/list.html',
    '/list/',
    '/public/secret.txt',
  ])('has nothing at %s', async url => {
    expect((await app.inject({ url })).statusCode).toBe(404);
  });
});
