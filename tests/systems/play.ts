import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Normal } from './normal.ts';
import type { Step, System } from './system.ts';
import { wordsOf } from './words.ts';
import { type Ended, freePort, type World } from './world.ts';

/** What came of a script. */
export interface Played {
  readonly transcript: string;
  /** Each step that went otherwise than the script says. */
  readonly problems: readonly string[];
}

/** What a script needs of a `World`. */
export type Stage = Pick<
  World,
  'folder' | 'qifeng' | 'qifengLeft' | 'qifengNode' | 'leave' | 'wait' | 'interrupt' | 'get'
> & { readonly network: Pick<World['network'], 'home' | 'nodes'> };

const PATIENCE_MS = 60_000;

/** Where a script runs. */
interface Place {
  readonly folder: string;
  readonly world: Stage;
}

/** Runs the steps of a system one after the other. */
export async function play(system: System, world: Stage): Promise<Played> {
  const folder = world.folder(system.name);
  const nodes = world.network.nodes.map(({ url }, i) => [url, `$NODE${i + 1}`] as const);
  const places = [[folder, '.'], [world.network.home, '$QIFENG_HOME'], ...nodes] as const;
  /** One for each ledger, as they count their records apart. */
  const normals = new Map<string, Normal>();
  const known = new Map<string, string>();
  for (const name of ['http', 'p2p', 'http-2', 'p2p-2']) known.set(name, String(await freePort()));
  /** What is kept in a variable of the shell, and so is typed by its name. */
  const kept = new Map<string, string>();
  const lines: string[] = [];
  const problems: string[] = [];
  for (const [i, step] of system.steps.entries()) {
    const fill = (textOf: (name: string) => string | undefined) =>
      step.run.replace(/\{([a-z0-9-]+)\}/g, (whole, name: string) => textOf(name) ?? whole);
    const command = fill(name => known.get(name))
      .replaceAll('$QIFENG_HOME', world.network.home)
      .replaceAll('$NODE1', nodes[0]![0]);
    const typed = fill(name => kept.get(name) ?? known.get(name));
    const ended = await endOf(step, command, { folder, world });
    const wrong = problemsOf(step, ended);
    for (const [name, value] of found(step, ended)) known.set(name, value);
    for (const name of Object.keys(step.finds ?? {})) kept.set(name, `$${variable(name)}`);
    const [, ledger = ''] = / --home (\S+)/.exec(command) ?? [];
    const normal = normals.get(ledger) ?? new Normal(places);
    normals.set(ledger, normal);
    for (const problem of wrong)
      problems.push(`${system.name}, step ${i + 1}: ${problem}\n  $ ${command}\n${ended.out}`);
    lines.push(`# ${step.say}`, `$ ${normal.text(shown(step, typed))}`);
    const output = normal.text(step.pick === undefined ? ended.out : picked(ended.out, step.pick).join('\n'));
    if (output !== '' && step.brief !== true) lines.push(output);
    if (ended.code !== 0 && ended.code !== 200)
      lines.push(`[${isGet(command) ? 'status' : 'exit'} ${ended.code}]`);
    for (const [name, pattern] of Object.entries(step.finds ?? {}))
      lines.push(`$ ${variable(name)}=$(sed -nE 's/.*${pattern}.*/\\1/p' answer | head -n 1)`);
    lines.push('');
  }
  return { transcript: `${lines.join('\n').trimEnd()}\n`, problems };
}

/** Runs a step's command; again and again if it says so, until it does what it should. */
async function endOf(step: Step, command: string, place: Place): Promise<Ended> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const ended = await runCommand(step, command, place);
    if (step.until !== true || Date.now() > end || problemsOf(step, ended).length === 0) return ended;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

async function runCommand(step: Step, command: string, { folder, world }: Place): Promise<Ended> {
  const [name, ...args] = wordsOf(command);
  switch (name) {
    case 'qifeng':
      return step.stays === true ? world.qifengLeft(args, folder) : world.qifeng(args, folder);
    case 'qifeng-node':
      return step.stays === true ? world.leave(args, folder) : world.qifengNode(args, folder);
    case 'wait':
      return world.wait(PATIENCE_MS);
    case '^C':
      return world.interrupt();
    case 'GET': {
      const answer = await world.get(args[0]!);
      if (args[1] === '>') writeFileSync(join(folder, args[2]!), answer.out);
      return answer;
    }
    default:
      throw new Error(`no command ${name}`);
  }
}

/** What later steps may name: records by their log index, and what patterns find. */
function found({ as = [], finds = {} }: Step, { out }: Ended): (readonly [name: string, value: string])[] {
  const indexes = [...out.matchAll(/\bindex (\d+)/g)].map(([, index]) => index!);
  const named = as.flatMap((name, i) => (indexes[i] === undefined ? [] : [[name, indexes[i]] as const]));
  const patterns = Object.entries(finds).flatMap(([name, pattern]) => {
    const value = new RegExp(pattern).exec(out)?.[1];
    return value === undefined ? [] : [[name, value] as const];
  });
  return [...named, ...patterns];
}

function problemsOf(step: Step, ended: Ended): string[] {
  const { ends, shows = [], hides = [], as = [], finds = {}, pick = [], run } = step;
  const wanted = ends ?? (isGet(run) ? 200 : 0);
  return [
    ...(ended.code === wanted ? [] : [`ended with ${ended.code}, not ${wanted}`]),
    ...shows.filter(text => !ended.out.includes(text)).map(text => `does not show ${text}`),
    ...pick.filter(path => picked(ended.out, [path])[0] === 'undefined').map(path => `has no ${path}`),
    ...hides.filter(text => ended.out.includes(text)).map(text => `shows ${text}`),
    ...(found(step, ended).length < as.length + Object.keys(finds).length
      ? ['names less than it should']
      : []),
  ];
}

const isGet = (command: string) => command.startsWith('GET ');

/** A command as a person types it. */
function shown({ pick, stays, finds }: Step, command: string): string {
  const keep = finds === undefined ? '' : ' | tee answer';
  const filter = keep + picks(pick);
  const [name, target = '', ...rest] = wordsOf(command);
  if (name === 'GET') {
    const address = target.startsWith('http') ? target : `$NODE1${target}`;
    return [`curl -s "${address}"${filter}`, ...rest].join(' ');
  }
  return command + filter + (stays === true ? ' &' : '');
}

function variable(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

function picks(pick: Step['pick']): string {
  return pick === undefined ? '' : ` | jq -c '${pick.map(path => `.${path}`).join(', ')}'`;
}

/** Some members of a JSON answer; `undefined` for one that is not there. */
function picked(json: string, paths: readonly string[]): string[] {
  const root = jsonIn(json);
  return paths.map(path => {
    const value = path
      .replace(/\[(\d+)\]/g, '.$1')
      .split('.')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], root);
    return String(JSON.stringify(value));
  });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
