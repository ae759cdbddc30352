import type { Command } from 'commander';
import pc from 'picocolors';
import {
  askNode,
  type ClusterNode,
  clusterOf,
  isAlive,
  makeCluster,
  memberNamed,
  readCluster,
  startNodes,
  stopNodes,
  untilReady,
} from '../cluster.ts';
import { seedMembers } from '../genesis-plan.ts';
import { CliError, homeOf } from '../home.ts';

/** `cluster up|down|status|stop|start`: local networks on loopback. */
export function addCluster(program: Command): void {
  const cluster = program.command('cluster').description('a network of provinces on this machine');
  const withHome = (command: Command): Command =>
    command.option('--home <dir>', 'else QIFENG_HOME, else ./.qifeng');
  withHome(cluster.command('up'))
    .description('make it if there is none, start it, wait until it is ready, and leave it running')
    .option('-n <count>', 'validators', '4')
    .action(async (options: { n: string; home?: string }) => {
      const home = homeOf(options.home);
      const there = readCluster(home);
      if (there === null) await makeCluster(home, Number(options.n));
      else if (there.length !== Number(options.n)) {
        throw new CliError(
          `the cluster in ${home} has ${there.length} nodes`,
          `use -n ${there.length}, or another --home`,
          2,
        );
      }
      const nodes = await startNodes(home, null);
      await untilReady(nodes);
      await show(nodes);
    });
  withHome(cluster.command('down'))
    .description('stop all nodes; what they hold stays')
    .action(async (options: { home?: string }) => {
      const home = homeOf(options.home);
      await stopNodes(home, null);
      console.log(`stopped ${clusterOf(home).length} nodes`);
    });
  withHome(cluster.command('status'))
    .description('where each node stands')
    .option('--json', 'as JSON')
    .action(async (options: { home?: string; json?: true }) => {
      await show(clusterOf(homeOf(options.home)), options.json === true);
    });
  withHome(cluster.command('stop'))
    .argument('<node>', 'its number from 1, or its member code')
    .description('stop one node')
    .action(async (name: string, options: { home?: string }) => {
      const home = homeOf(options.home);
      const member = memberNamed(clusterOf(home), name);
      await stopNodes(home, [member]);
      console.log(`stopped ${member}`);
    });
  withHome(cluster.command('start'))
    .argument('<node>', 'its number from 1, or its member code')
    .description('start one node and wait until it is ready')
    .action(async (name: string, options: { home?: string }) => {
      const home = homeOf(options.home);
      const member = memberNamed(clusterOf(home), name);
      const nodes = await startNodes(home, [member]);
      await untilReady(nodes.filter(node => node.member === member));
      console.log(`started ${member}`);
    });
}

async function show(nodes: readonly ClusterNode[], json = false): Promise<void> {
  const rows = await Promise.all(
    nodes.map(async node => ({ ...node, alive: isAlive(node.pid), answer: await askNode(node.url) })),
  );
  if (json) {
    console.log(JSON.stringify(rows, null, 2));
    return;
  }
  const names = new Map(seedMembers().map(({ code, nameZh, nameEn }) => [code, `${nameZh} ${nameEn}`]));
  for (const [i, { member, url, pid, alive, answer }] of rows.entries()) {
    const state =
      answer?.ready === true
        ? pc.green('ready')
        : alive
          ? pc.yellow(answer?.reason ?? 'starting')
          : pc.red('stopped');
    const stands =
      answer === null ? '' : `block ${answer.height}, final ${answer.final}, view ${answer.view}`;
    console.log(
      `${i + 1}  ${member}  ${names.get(member) ?? ''}  ${url}  ${alive ? `pid ${pid}` : ''}  ${state}  ${stands}`,
    );
  }
}
