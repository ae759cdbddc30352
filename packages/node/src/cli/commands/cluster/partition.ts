import { existsSync, readFileSync } from 'node:fs';
import { EXIT, type ExitCode } from '@qifeng/core';
import { readConfig } from '../../../config/config.ts';
import { pathsIn } from '../../../config/node-home.ts';
import { type ClusterNode, clusterOf, isAlive, memberNamed } from '../../cluster.ts';
import { fault } from '../../complaints.ts';
import type { Context } from '../../context.ts';
import { homeOf } from '../../home.ts';
import { clusterMessages } from './messages.ts';

/** Arguments of these commands as they were typed. */
interface Flags {
  readonly home?: string;
}

/** Cuts the links between groups of the nodes that run; those that no group names make one more. */
export async function partition(
  texts: readonly string[],
  flags: Flags,
  { lang, json, out, streams }: Context,
): Promise<ExitCode> {
  const nodes = clusterOf(homeOf(flags.home, streams.env));
  const groups = groupsOf(nodes, texts);
  const all = groups.flat();
  for (const node of running(nodes)) {
    const own = groups.find(group => group.includes(node.member)) ?? [];
    await cut(
      node,
      all.filter(member => !own.includes(member)),
    );
  }
  if (json) out.json({ groups });
  else out.line(clusterMessages(lang).partitioned(groups.map(group => group.join(' ')).join(' | ')));
  return EXIT.done;
}

/** Joins all nodes that run again. */
export async function heal(flags: Flags, { lang, json, out, streams }: Context): Promise<ExitCode> {
  const nodes = running(clusterOf(homeOf(flags.home, streams.env)));
  for (const node of nodes) await cut(node, []);
  if (json) out.json({ healed: nodes.map(({ member }) => member) });
  else out.line(clusterMessages(lang).healed(nodes.length));
  return EXIT.done;
}

/** Members that a node is told not to talk to; none where it has no administration, or does not answer. */
export async function cutOf(node: ClusterNode): Promise<readonly string[]> {
  const url = isAlive(node.pid) ? administrationOf(node) : null;
  if (url === null) return [];
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return ((await response.json()) as { cut: string[] }).cut;
  } catch {
    return [];
  }
}

/** The groups that a person names by numbers or codes, as `1,2 3`, and the rest as the last one; two at least. */
function groupsOf(nodes: readonly ClusterNode[], texts: readonly string[]): readonly (readonly string[])[] {
  const named = texts.map(text => text.split(',').map(name => memberNamed(nodes, name)));
  const all = named.flat();
  const twice = all.find((member, i) => all.indexOf(member) < i);
  if (twice !== undefined) throw fault('bad-groups', `${twice} is in them twice`);
  const rest = nodes.map(({ member }) => member).filter(member => !all.includes(member));
  const groups = rest.length > 0 ? [...named, rest] : named;
  if (groups.length < 2) throw fault('bad-groups', 'all nodes are in one');
  return groups;
}

function running(nodes: readonly ClusterNode[]): readonly ClusterNode[] {
  return nodes.filter(({ pid }) => isAlive(pid));
}

async function cut(node: ClusterNode, members: readonly string[]): Promise<void> {
  const url = administrationOf(node);
  if (url === null) throw fault('no-administration', node.member, pathsIn(node.home).config);
  const body = JSON.stringify({ cut: members });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, {
    method: 'PUT',
    headers,
    body,
    signal: AbortSignal.timeout(10_000),
  }).catch((error: Error) => error);
  if (answer instanceof Error || !answer.ok) {
    const why = answer instanceof Error ? answer.message : `${answer.status} ${await answer.text()}`;
    throw fault('no-answer', url, why);
  }
}

/** Where a node is administered, or null: the loopback port in its configuration. */
function administrationOf({ home }: ClusterNode): string | null {
  const { config } = pathsIn(home);
  const { port } = readConfig(existsSync(config) ? readFileSync(config, 'utf8') : '', {}).admin;
  return port === 0 ? null : `http://127.0.0.1:${port}/partition`;
}
