import { setTimeout as pause } from 'node:timers/promises';
import { digestText, type QueryValues, ROUTES, requestPath } from '@qifeng/core';
import { cpuSeconds } from '../../../bench/load/processes.ts';
import { percentile } from '../../../bench/measure.ts';
import type { NetworkNode } from '../../end-to-end/network.ts';
import { numberOf, titleOf } from '../../fixtures/catalogue.ts';
import { type Enterprise, nameOf } from './enterprises.ts';
import type { Recorded } from './recording.ts';

/** Questions of each kind that are timed, after some that are not. */
const ASKED = 200;
const WARM = 10;
/** A day on which standings are judged. */
const DAY = '2030-06-01';
/** Issuers whose names few others hold: their numbers have three digits or more. */
const NAMED_FROM = 100;

/** How one kind of query was answered. */
export interface Figure {
  readonly what: string;
  /** Ms from request to the last byte of the answer, over HTTP. */
  readonly p50: number;
  readonly p99: number;
  /** Ms of the node's CPU an answer took, all its threads, and whatever else it did meanwhile. */
  readonly cpu: number;
  /** Answers that do not hold what they must. */
  readonly wrong: readonly string[];
}

/** One question: its path, and a text that a right answer holds; null: it is bytes, whose form others check. */
type Question = readonly [path: string, holds: string | null];

/** Asks a node every kind of query there is, one after another, of what was recorded. */
export async function ask(
  node: NetworkNode,
  records: readonly Recorded[],
  enterprises: readonly Enterprise[],
): Promise<readonly Figure[]> {
  let turn = 0;
  const some = <T>(of: readonly T[]): T => of[(turn++ * 7919) % of.length]!;
  const last = new Map(records.map(one => [one.i, one]));
  const titled = records.filter(
    ({ entry }) => entry.action === 'publish' && entry.profile !== 'registry-list',
  );
  const figures: Figure[] = [];
  for (const [what, make] of Object.entries(kinds(some, records, titled, [...last.values()], enterprises)))
    figures.push({ what, ...(await timed(node, make)) });
  return figures;
}

function kinds(
  some: <T>(of: readonly T[]) => T,
  records: readonly Recorded[],
  titled: readonly Recorded[],
  last: readonly Recorded[],
  enterprises: readonly Enterprise[],
): Readonly<Record<string, () => Question>> {
  const search = (query: QueryValues<typeof ROUTES.search>, holds = '"next":') =>
    [requestPath(ROUTES.search, {}, query), holds] as const;
  const subject = ({ entry }: Recorded) =>
    `/v1/subjects/${entry.profile}/${entry.subject.issuer}/${entry.subject.id}`;
  const digest = ({ entry }: Recorded) => digestText(entry.digest!);
  const sealing = records.filter(({ entry }) => entry.digest !== null);
  const amended = last.filter(({ entry }) => entry.action === 'amend');
  const numbers = new Map(enterprises.map(({ id }, i) => [id, i]));
  const named = last.filter(({ entry }) => numbers.get(entry.subject.issuer)! >= NAMED_FROM);
  const absent = Buffer.alloc(32, 7).toString('hex');
  return {
    'a whole title': () => {
      const one = some(titled);
      return search({ q: titleOf(one.i), records: 'all' }, `"index":${one.index},`);
    },
    'two characters of titles': () => search({ q: titleOf(some(titled).i).slice(2, 4) }),
    'two words that few titles have': () => {
      const title = titleOf(some(titled).i);
      return search({ q: `${title.slice(0, 3)} ${title.slice(-6)}` });
    },
    'characters in no title': () => search({ q: '蓬莱仙山' }),
    'a document number': () => {
      const one = some(titled.filter(({ entry }) => entry.meta.has('number')));
      return search({ number: numberOf(one.i), records: 'all', limit: 256 }, `"index":${one.index},`);
    },
    'an issuer': () => {
      const one = some(last);
      return search({ issuer: one.entry.subject.issuer }, `"index":${one.index},`);
    },
    'an issuer by name': () => {
      const one = some(named);
      const { profile, subject } = one.entry;
      const issuer = nameOf(numbers.get(subject.issuer)!);
      return search({ issuer, profile, limit: 256 }, `"index":${one.index},`);
    },
    'a region and a year': () => search({ region: '350000', from: '2020-01-01', to: '2020-12-31' }),
    'a state of a profile': () => search({ profile: 'policy', state: 'amended' }),
    'a standing': () => search({ profile: 'policy', standing: 'in-force' }, '"policy"'),
    'a standing on another day': () => {
      const one = some(amended);
      return search(
        { issuer: one.entry.subject.issuer, standing: 'amended', at: DAY, limit: 256 },
        `"index":${one.index},`,
      );
    },
    'a file': () => {
      const one = some(sealing);
      return search({ digest: one.entry.digest!, records: 'all' }, `"index":${one.index},`);
    },
    'words, region, state and date': () =>
      search({
        q: titleOf(some(titled).i).slice(9, 13),
        region: '430000',
        state: 'amended',
        from: '2018-01-01',
      }),
    'the newest': () => search({}),
    'a page in the middle': () =>
      search({
        q: '关于印发',
        cursor: { size: records.at(-1)!.index + 1, before: some(records).index + 1, at: DAY },
      }),
    'publishers from one on': () => [`/v1/publishers?after=${some(enterprises).id}`, '"next":'],
    'a publisher': () => {
      const { id } = some(enterprises);
      return [`/v1/publishers/${id}`, `"${id}"`];
    },
    'records of a publisher': () => {
      const one = some(records);
      return [`/v1/publishers/${one.entry.subject.issuer}/records?limit=256`, `"index":${one.index},`];
    },
    'a record': () => {
      const one = some(records);
      return [`/v1/records/${one.index}`, `"${one.entry.subject.id}"`];
    },
    'the records of a file': () => {
      const one = some(sealing);
      return [`/v1/documents/${digest(one)}`, `"index":${one.index},`];
    },
    'where a subject stands': () => {
      const one = some(last);
      return [subject(one), `"index":${one.index},`];
    },
    'the history of a subject': () => {
      const one = some(records);
      return [`${subject(one)}/history`, `"index":${one.index},`];
    },
    'a graph of depth 2': () => {
      const one = some(last);
      return [`${subject(one)}/graph`, `"${one.entry.subject.id}"`];
    },
    'a receipt': () => [`/v1/records/${some(records).index}/receipt`, 'c2sp.org/tlog-proof'],
    'a status proof': () => [`${subject(some(last))}/status-proof`, null],
    'a proof of absence': () => [`/v1/documents/sha256:${absent}/status-proof`, null],
  };
}

async function timed({ url, pid }: NetworkNode, make: () => Question): Promise<Omit<Figure, 'what'>> {
  const times: number[] = [];
  const wrong: string[] = [];
  const before = cpuSeconds(pid!);
  for (let count = -WARM; count < ASKED; count++) {
    const [path, holds] = make();
    const { ms, status, text } = await answered(`${url}${path}`);
    if (count >= 0) times.push(ms);
    if (status !== 200 || text.length === 0 || (holds !== null && !text.includes(holds)))
      wrong.push(`${decodeURIComponent(path)}: ${status} without ${holds}: ${text.slice(0, 200)}`);
  }
  const cpu = (1000 * (cpuSeconds(pid!) - before)) / (WARM + ASKED);
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), cpu, wrong };
}

/** One answer to its last byte. A node that has had enough of one address says so: that is no answer. */
async function answered(
  url: string,
): Promise<{ readonly ms: number; readonly status: number; readonly text: string }> {
  for (;;) {
    const begun = performance.now();
    const response = await fetch(url);
    const text = await response.text();
    const ms = performance.now() - begun;
    if (response.status !== 429 && response.status !== 503) return { ms, status: response.status, text };
    await pause(1000 * Number(response.headers.get('retry-after') ?? 1));
  }
}
