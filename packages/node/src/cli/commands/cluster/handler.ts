import { EXIT, type ExitCode } from '@qifeng/core';
import {
  type ClusterNode,
  clusterOf,
  makeCluster,
  memberNamed,
  readCluster,
  startNodes,
  stopNodes,
  untilReady,
} from '../../cluster.ts';
import { fault } from '../../complaints.ts';
import type { Context } from '../../context.ts';
import { seedMembers } from '../../genesis-plan.ts';
import { homeOf } from '../../home.ts';
import { rekey, resize, type Step } from '../../members/local.ts';
import { printAccused } from './accused.ts';
import { clusterMessages } from './messages.ts';
import { printStanding, standings, whyNotReady } from './standing.ts';

/** Validators of a network that is made without a number. */
const USUAL_COUNT = '4';

/** Arguments of the `cluster` commands as they were typed. */
export interface ClusterFlags {
  readonly n?: string;
  readonly home?: string;
}

/** Makes the network if there is none, starts it and waits until it is ready. */
export async function up(flags: ClusterFlags, context: Context): Promise<ExitCode> {
  const home = homeOf(flags.home, context.streams.env);
  const there = readCluster(home);
  if (there === null) await makeCluster(home, flags.n ?? USUAL_COUNT);
  else if (flags.n !== undefined && there.length !== Number(flags.n))
    throw fault('other-count', home, there.length);
  const nodes = await startNodes(home, null);
  await wait(nodes, context);
  return status(flags, context);
}

/** Stops all nodes. */
export async function down(flags: ClusterFlags, { lang, json, out, streams }: Context): Promise<ExitCode> {
  const home = homeOf(flags.home, streams.env);
  await stopNodes(home, null);
  const nodes = clusterOf(home);
  if (json) out.json(nodes);
  else out.line(clusterMessages(lang).stoppedAll(nodes.length));
  return EXIT.done;
}

/** Shows where each node stands. */
export async function status(flags: ClusterFlags, context: Context): Promise<ExitCode> {
  const rows = await standings(clusterOf(homeOf(flags.home, context.streams.env)));
  if (context.json) context.out.json(rows);
  else {
    printStanding(rows, context);
    printAccused(rows, context);
  }
  return EXIT.done;
}

/** Adds or removes validators, epoch by epoch, while the network runs. */
export async function resizeTo(count: string, flags: ClusterFlags, context: Context): Promise<ExitCode> {
  const { lang, json, out, streams } = context;
  const most = seedMembers().length;
  const to = Number(count);
  if (!Number.isInteger(to) || to < 4 || to > most) throw fault('bad-count', count, most);
  const steps: Step[] = [];
  await resize(homeOf(flags.home, streams.env), to, step => {
    steps.push(step);
    if (!json) out.line(clusterMessages(lang).epoch(step.epoch, step.height, step.validators.length));
  });
  if (json) out.json(steps);
  return EXIT.done;
}

/** Gives one validator new keys, in the next epoch. */
export async function rekeyOne(name: string, flags: ClusterFlags, context: Context): Promise<ExitCode> {
  const { lang, json, out, streams } = context;
  const home = homeOf(flags.home, streams.env);
  const step = await rekey(home, memberNamed(clusterOf(home), name));
  if (json) out.json(step);
  else out.line(clusterMessages(lang).epoch(step.epoch, step.height, step.validators.length));
  return EXIT.done;
}

/** Stops one node. */
export async function stopOne(name: string, flags: ClusterFlags, context: Context): Promise<ExitCode> {
  const { lang, json, out, streams } = context;
  const home = homeOf(flags.home, streams.env);
  const member = memberNamed(clusterOf(home), name);
  await stopNodes(home, [member]);
  if (json) out.json(clusterOf(home).find(node => node.member === member));
  else out.line(clusterMessages(lang).stoppedOne(member));
  return EXIT.done;
}

/** Starts one node and waits until it is ready. */
export async function startOne(name: string, flags: ClusterFlags, context: Context): Promise<ExitCode> {
  const { lang, json, out, streams } = context;
  const home = homeOf(flags.home, streams.env);
  const member = memberNamed(clusterOf(home), name);
  const nodes = (await startNodes(home, [member])).filter(node => node.member === member);
  await wait(nodes, context);
  if (json) out.json(nodes[0]);
  else out.line(clusterMessages(lang).startedOne(member));
  return EXIT.done;
}

async function wait(nodes: readonly ClusterNode[], { lang, streams }: Context): Promise<void> {
  // It may take seconds: a person is told what is waited for, a log or a pipe is not.
  if (streams.colour.err) streams.stderr(`${clusterMessages(lang).waiting(nodes.length)}\n`);
  await untilReady(nodes, answer => whyNotReady(answer, lang));
}
