import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, posix, relative, sep } from 'node:path';

/** One file of the site as it is sent. */
export interface SiteFile {
  readonly type: string;
  readonly bytes: Uint8Array;
  /** Never changes under its path. */
  readonly immutable: boolean;
}

/** Everything that is served as pages, by path: what is not in it does not exist. */
export type Site = ReadonlyMap<string, SiteFile>;

const ASSETS = '/assets/';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What a module imports: statements as compilers write them, at the start of a line, so that no comment counts. */
const IMPORT = /^((?:import|export)\b[^'";]*?\bfrom\s*|import\s*)(['"])([^'"]+)\2/gm;

/** A file on disk with its place below the assets: `<package>/<path in it>`. */
interface Module {
  readonly file: string;
  readonly place: string;
}

/**
 * Reads a package of pages: `public/index.html`, served at `/`, other pages there by their names (`publishers.html` at `/publishers`), the
 * files beside them, and the compiled modules in `dist`
 * with all that they import, from whatever package. Browsers know no package names, and workers no import maps, so
 * each name of a package becomes the path of its file; otherwise modules are served as compiled. Assets stand
 * below a version made of all their contents: cached for ever, and never mixed with those of another release.
 */
export function readSite(folder: string): Site {
  const texts = new Map<string, string>();
  for (const name of filesIn(join(folder, 'public'))) {
    const { file, place } = moduleAt(join(folder, 'public', name));
    if (extname(name) in TYPES) texts.set(place, readFileSync(file, 'utf8'));
  }
  const entries = filesIn(join(folder, 'dist')).filter(name => extname(name) === '.js');
  const waiting = entries.map(name => moduleAt(join(folder, 'dist', name)));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const from = next;
    if (texts.has(from.place)) continue;
    const text = readFileSync(from.file, 'utf8').replace(IMPORT, (_, head, quote, specifier) => {
      const to = resolveFrom(from.file, specifier);
      waiting.push(to);
      return `${head}${quote}${relativePlace(from.place, to.place)}${quote}`;
    });
    texts.set(from.place, text);
  }
  return versioned(texts);
}

/** The files under their paths. */
function versioned(texts: ReadonlyMap<string, string>): Site {
  const hash = createHash('sha256');
  for (const [place, text] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${place}\n${text.length}\n${text}\n`);
  const base = `${ASSETS}${hash.digest('hex').slice(0, 16)}/`;
  const site = new Map<string, SiteFile>();
  for (const [place, text] of texts) {
    const type = TYPES[extname(place)]!;
    const page = /\/public\/([^/]+)\.html$/.exec(place)?.[1];
    if (page !== undefined) {
      const bytes = Buffer.from(text.replaceAll(`"${ASSETS}`, `"${base}`));
      site.set(page === 'index' ? '/' : `/${page}`, { type, bytes, immutable: false });
    } else site.set(base + place, { type, bytes: Buffer.from(text), immutable: true });
  }
  return site;
}

function resolveFrom(file: string, specifier: string): Module {
  if (specifier.startsWith('.')) return moduleAt(join(dirname(file), specifier));
  if (specifier.startsWith('node:')) throw new Error(`${file} imports ${specifier}, which no browser has`);
  // Where Node runs with the condition of our sources, the compiled file stands in the same place of `dist`.
  const found = createRequire(file).resolve(specifier);
  return moduleAt(found.replace(/([/\\])src([/\\].+)\.ts$/, '$1dist$2.js'));
}

/** Gives a file its place by the package it is in. */
function moduleAt(file: string): Module {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const name = nameOf(join(folder, 'package.json'));
    if (name !== null) return { file, place: posix.join(name, relative(folder, file).replaceAll(sep, '/')) };
  }
  throw new Error(`${file} is in no package`);
}

const names = new Map<string, string | null>();

function nameOf(manifest: string): string | null {
  let name = names.get(manifest);
  if (name === undefined) {
    name = null;
    try {
      name = (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly name?: string }).name ?? null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    names.set(manifest, name);
  }
  return name;
}

function relativePlace(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
