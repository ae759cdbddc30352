import { parse } from 'smol-toml';

/** One node's settings. Every key can be overridden by the environment as `QIFENG_<SECTION>__<KEY>`. */
export interface NodeConfig {
  readonly http: { readonly host: string; readonly port: number };
  readonly p2p: { readonly host: string; readonly port: number };
  /** Port of the administration on 127.0.0.1; 0: none. */
  readonly admin: { readonly port: number };
  readonly log: { readonly level: string };
  readonly limits: SubmissionLimits;
  readonly snapshot: SnapshotSettings;
  /** MiB of the state and the log that are kept in memory. */
  readonly store: { readonly cache: number };
  /** Ms without progress after which this node asks for another leader, the first time. */
  readonly consensus: { readonly timeout: number };
}

/** When a node gives and fetches snapshots of the state. */
export interface SnapshotSettings {
  /** Blocks between two snapshots that it offers. */
  readonly interval: number;
  /** Blocks behind a certified checkpoint from which on it fetches a snapshot instead of blocks. */
  readonly distance: number;
}

/** How much a node takes in from its clients. */
export interface SubmissionLimits {
  /** MiB that may wait to be ordered, and of these of one publisher. */
  readonly pending: number;
  readonly publisher: number;
  /** Submissions, and KiB, that one publisher may hand in a second. */
  readonly rate: number;
  readonly bytes: number;
}

/** The defaults of the first node on one machine. */
export const DEFAULT_CONFIG: NodeConfig = {
  http: { host: '127.0.0.1', port: 8101 },
  p2p: { host: '127.0.0.1', port: 8201 },
  admin: { port: 0 },
  log: { level: 'info' },
  limits: { pending: 32, publisher: 16, rate: 5000, bytes: 8192 },
  snapshot: { interval: 1024, distance: 20_000 },
  store: { cache: 32 },
  consensus: { timeout: 1_000 },
};

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

/** What is wrong with a configuration, for the operator. */
export class ConfigError extends Error {
  readonly code = 'bad-config';
}

/** Reads a TOML configuration with the environment over it. Throws ConfigError, which names the nearest known key. */
export function readConfig(toml: string, env: Readonly<Record<string, string | undefined>>): NodeConfig {
  const settings = flatten(parsed(toml));
  for (const [name, value] of Object.entries(env)) {
    const match = /^QIFENG_([A-Z0-9]+)__([A-Z0-9_]+)$/.exec(name);
    if (match !== null && value !== undefined)
      settings.set(`${match[1]!.toLowerCase()}.${match[2]!.toLowerCase()}`, value);
  }
  const config = structuredClone(DEFAULT_CONFIG) as unknown as Record<
    string,
    Record<string, string | number>
  >;
  for (const [key, value] of settings) {
    if (!KEYS.includes(key)) throw new ConfigError(`unknown key ${key}; did you mean ${nearest(key)}?`);
    const [section, name] = key.split('.') as [string, string];
    const values = config[section]!;
    values[name] = typeof values[name] === 'number' ? number(key, value) : text(key, value);
  }
  if (!LEVELS.includes(String(config['log']!['level'])))
    throw new ConfigError(`log.level is one of ${LEVELS.join(', ')}`);
  return config as unknown as NodeConfig;
}

/** A configuration as TOML; numbers that are the defaults are left out, so that those of a later release hold. */
export function formatConfig(config: NodeConfig): string {
  const { http, p2p, admin, log, limits, snapshot, store, consensus } = config;
  return [
    '[http]',
    `host = "${http.host}"`,
    `port = ${http.port}`,
    '',
    '[p2p]',
    `host = "${p2p.host}"`,
    `port = ${p2p.port}`,
    '',
    ...ownOf('admin', admin, DEFAULT_CONFIG.admin),
    '[log]',
    `level = "${log.level}"`,
    '',
    ...ownOf('limits', limits, DEFAULT_CONFIG.limits),
    ...ownOf('snapshot', snapshot, DEFAULT_CONFIG.snapshot),
    ...ownOf('store', store, DEFAULT_CONFIG.store),
    ...ownOf('consensus', consensus, DEFAULT_CONFIG.consensus),
  ].join('\n');
}

/** The lines of a section of numbers, without those that are the defaults. */
function ownOf(section: string, values: object, defaults: object): readonly string[] {
  const usual = new Map<string, unknown>(Object.entries(defaults));
  const own = Object.entries(values).filter(([name, value]) => value !== usual.get(name));
  return own.length === 0 ? [] : [`[${section}]`, ...own.map(([name, value]) => `${name} = ${value}`), ''];
}

function parsed(toml: string): Record<string, unknown> {
  try {
    return parse(toml) as Record<string, unknown>;
  } catch (error) {
    throw new ConfigError(`not TOML: ${(error as Error).message}`);
  }
}

function flatten(table: Record<string, unknown>): Map<string, unknown> {
  const settings = new Map<string, unknown>();
  for (const [section, keys] of Object.entries(table)) {
    if (keys === null || typeof keys !== 'object') settings.set(section, keys);
    else for (const [name, value] of Object.entries(keys)) settings.set(`${section}.${name}`, value);
  }
  return settings;
}

/** Least, most, and what it is. A timeout doubles up to 30 s. */
const RANGES: Readonly<Record<string, readonly [number, number, string]>> = {
  port: [0, 65_535, 'a port'],
  'store.cache': [8, 65_536, 'a size in MiB'],
  'consensus.timeout': [100, 30_000, 'a timeout in ms'],
};

function number(key: string, value: unknown): number {
  const [least, most, what] = RANGES[key.endsWith('.port') ? 'port' : key] ?? [1, 1_000_000, 'a limit'];
  // The environment has texts.
  const found = typeof value === 'string' && /^[0-9]+$/.test(value) ? Number(value) : value;
  if (typeof found !== 'number' || !Number.isInteger(found) || found < least || found > most)
    throw new ConfigError(`${key} is ${what}, ${least} to ${most}`);
  return found;
}

function text(key: string, value: unknown): string {
  if (typeof value !== 'string') throw new ConfigError(`${key} is a text in quotes`);
  return value;
}

const KEYS = Object.entries(DEFAULT_CONFIG).flatMap(([section, keys]) =>
  Object.keys(keys).map(name => `${section}.${name}`),
);

function nearest(key: string): string {
  return KEYS.map(known => [distance(key, known), known] as const).sort((a, b) => a[0] - b[0])[0]![1];
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
