import { importGraph } from './imports.ts';
import { at, type Rule, TEST } from './source.ts';

/** Which workspace packages a package may import. */
const PACKAGES: Record<string, readonly string[]> = {
  core: [],
  node: ['core'],
  client: ['core'],
  web: ['client', 'core'],
};

/** The layers of core from the lowest up: each may import itself and those before it. */
const CORE = [
  'encoding',
  'crypto',
  'merkle',
  'records',
  'ledger',
  'execution',
  'receipts',
  'audit',
  'api',
  'terminal',
];

const EDGE = ['core', 'ports', 'limits'];

/** Which folders of node a folder may import, besides itself; `core` stands for the package. */
const NODE: Record<string, readonly string[]> = {
  consensus: ['core'],
  ports: ['core'],
  limits: [],
  search: ['core', 'ports'],
  config: ['core'],
  mempool: EDGE,
  engine: ['core', 'consensus', 'mempool', 'ports', 'limits', 'search'],
  transport: EDGE,
  storage: [...EDGE, 'search'],
  http: [...EDGE, 'search'],
  metrics: EDGE,
  verification: EDGE,
};

/** The places of node that wire: they may import anything in it. */
const NODE_WIRES = new Set(['testing', 'cli', 'node.ts', 'index.ts']);

interface Place {
  readonly pkg: string;
  /** The first name below `src`, a folder or a file such as `node.ts`; `testing` for what is below any folder of that name. */
  readonly folder: string;
}

function placeOf(path: string): Place | undefined {
  const parts = /^packages\/([^/]+)\/src\/([^/]+)/.exec(path);
  if (parts === null) return undefined;
  return { pkg: parts[1] as string, folder: path.includes('/testing/') ? 'testing' : (parts[2] as string) };
}

function coreRefuses(from: string, to: string): boolean {
  if (from === 'index.ts') return to === 'native' || to === 'testing';
  if (from === 'native') return to === 'testing';
  if (from === 'testing') return false;
  const low = CORE.indexOf(to);
  return low === -1 || low > CORE.indexOf(from);
}

function nodeRefuses(from: string, to: string): boolean {
  if (NODE_WIRES.has(from)) return to === 'testing' && from !== 'testing' && from !== 'cli';
  return !(NODE[from] ?? []).includes(to);
}

function known(place: Place): boolean {
  if (place.pkg === 'core') return [...CORE, 'native', 'testing', 'index.ts'].includes(place.folder);
  if (place.pkg === 'node') return place.folder in NODE || NODE_WIRES.has(place.folder);
  return place.pkg in PACKAGES;
}

/** Why a file at `from` may not import the workspace file `target`, if so. */
function refuseTarget(from: Place, target: string, relative: boolean, inTest: boolean): string | undefined {
  const to = placeOf(target);
  const helps = inTest || from.folder === 'testing';
  if (to === undefined) {
    if (helps && target.startsWith('tests/')) return undefined;
    return `${from.pkg} may not import ${target}, outside the packages' sources`;
  }
  if (to.pkg !== from.pkg) {
    if (relative && !(helps && to.folder === 'testing'))
      return `a relative import may not leave its package: ${target}`;
    if (!(PACKAGES[from.pkg] ?? []).includes(to.pkg)) return `${from.pkg} may not import ${to.pkg}`;
    if (from.pkg === 'web' && to.folder === 'native')
      return 'web may not import core/native: browsers cannot load it';
    if (from.pkg === 'node' && to.folder === 'native' && from.folder === 'consensus') {
      return `node/consensus may not import core/native`;
    }
    return undefined;
  }
  if (inTest || to.folder === from.folder) return undefined;
  const refuses = from.pkg === 'core' ? coreRefuses : from.pkg === 'node' ? nodeRefuses : () => false;
  return refuses(from.folder, to.folder)
    ? `${from.pkg}/${from.folder} may not import ${from.pkg}/${to.folder}`
    : undefined;
}

/** Why a file at `from` may not import a package from outside the workspace, if so. */
function refuseOutside(from: Place, specifier: string): string | undefined {
  if (from.pkg === 'core' && !['native', 'testing'].includes(from.folder)) {
    return specifier.startsWith('@noble/') ? undefined : `core may import only @noble/*, not ${specifier}`;
  }
  if (from.pkg === 'node' && from.folder === 'consensus') {
    return `node/consensus may import only core, not ${specifier}`;
  }
  return undefined;
}

/**
 * Imports point one way, between packages and inside core and node. Tests and benchmarks keep to the order of packages
 * but may look across the folders of their own; they and their helpers share vectors and the `testing` folders.
 */
export const importDirection: Rule = files => {
  const found: string[] = [];
  for (const { file, imports } of importGraph(files)) {
    const from = placeOf(file.path);
    if (from === undefined) continue;
    const inTest = TEST.test(file.path);
    if (!known(from) && !inTest) {
      found.push(at(file, 0, `${from.pkg}/${from.folder} has no place in the import order`));
      continue;
    }
    for (const { specifier, offset, target } of imports) {
      const reason =
        target !== undefined
          ? refuseTarget(from, target, specifier.startsWith('.'), inTest)
          : inTest
            ? undefined
            : refuseOutside(from, specifier);
      if (reason !== undefined) found.push(at(file, offset, reason));
    }
  }
  return found;
};
