import { accessSync, constants, createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompress, createBrotliDecompress } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { filesOfTar } from './tar.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
const CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url));

/** A browser on this machine and what its process needs to know. */
export interface Executable {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What decides which browser is taken. */
export interface Machine {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The Chromium to test with: the one that QIFENG_CHROMIUM names, else the system's, else null where only the packaged
 * one is left. Throws with what to do where that does not run either: a test that needs a browser is never left out.
 */
export function systemChromium({ platform, env }: Machine): string | null {
  const named = env['QIFENG_CHROMIUM'];
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`QIFENG_CHROMIUM names ${named}, which cannot be run. Name a Chromium or Chrome there.`);
  }
  const folders = (env['PATH'] ?? '').split(delimiter);
  const found = [MAC, ...folders.flatMap(folder => NAMES.map(name => join(folder, name)))].find(isExecutable);
  if (found !== undefined) return found;
  if (platform === 'linux-x64') return null;
  throw new Error(
    `The tests in a browser need Chromium, and none is here. The packaged one runs on linux-x64 only, this is ${platform}. ` +
      'Install Chromium or Google Chrome, or name one with QIFENG_CHROMIUM=/path/to/chromium, and run the tests again.',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function findChromium(): Promise<Executable> {
  const machine = { platform: `${process.platform}-${process.arch}`, env: process.env };
  const path = systemChromium(machine);
  return path === null ? packagedChromium() : { path, env: {} };
}

/** The Chromium of @sparticuz/chromium with the libraries it needs, unpacked once a version; 220 MB, 2 s. */
async function packagedChromium(): Promise<Executable> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const bin = join(dirname(entry), '..', 'bin');
  const manifest = await readFile(join(dirname(entry), '..', 'package.json'), 'utf8');
  const folder = join(CACHE, `chromium-${(JSON.parse(manifest) as { version: string }).version}`);
  if (!existsSync(folder)) await unpack(bin, folder);
  const lib = [join(folder, 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
  const fonts = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_FILE: join(folder, 'fonts.conf') };
  return { path: join(folder, 'chromium'), env: { LD_LIBRARY_PATH: lib, ...fonts } };
}

async function unpack(bin: string, folder: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const fresh = await mkdtemp(`${folder}-`);
  for (const archive of ['al2023.tar.br', 'fonts.tar.br']) {
    const tar = await promisify(brotliDecompress)(await readFile(join(bin, archive)));
    for (const [name, bytes] of filesOfTar(tar)) {
      await mkdir(dirname(join(fresh, name)), { recursive: true });
      await writeFile(join(fresh, name), bytes);
    }
  }
  const fonts = `<?xml version="1.0"?><fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/font-cache</cachedir></fontconfig>`;
  await writeFile(join(fresh, 'fonts.conf'), fonts);
  const program = createWriteStream(join(fresh, 'chromium'), { mode: 0o755 });
  await pipeline(createReadStream(join(bin, 'chromium.br')), createBrotliDecompress(), program);
  try {
    await rename(fresh, folder);
  } catch (error) {
    // Another run was faster; its copy is the same.
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts Chromium without a window, with a profile of its own that is removed with it. */
export async function openChromium(): Promise<Browser> {
  const { path, env } = await findChromium();
  const inherited = Object.entries(process.env).filter(([, value]) => value !== undefined);
  try {
    return await chromium.launch({
      executablePath: path,
      args: FLAGS,
      headless: true,
      env: { ...(Object.fromEntries(inherited) as Record<string, string>), ...env },
    });
  } catch (error) {
    throw new Error(
      `Chromium at ${path} does not start. Install another, name it with QIFENG_CHROMIUM=/path/to/chromium, and run the tests again.`,
      { cause: error },
    );
  }
}
