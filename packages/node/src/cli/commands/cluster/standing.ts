import { type Lang, quorum } from '@qifeng/core';
import { askNode, type ClusterNode, isAlive, type NodeAnswer } from '../../cluster.ts';
import type { Context } from '../../context.ts';
import { memberName, seedMembers } from '../../genesis-plan.ts';
import { clusterMessages } from './messages.ts';
import { cutOf } from './partition.ts';

/** One node of `cluster status`. */
export interface Standing extends ClusterNode {
  /** Whether its process runs. */
  readonly alive: boolean;
  readonly answer: NodeAnswer | null;
  /** Members that it is told not to talk to. */
  readonly cut: readonly string[];
}

/** Asks every node where it stands. */
export function standings(nodes: readonly ClusterNode[]): Promise<readonly Standing[]> {
  return Promise.all(
    nodes.map(async node => {
      const [answer, cut] = await Promise.all([askNode(node), cutOf(node)]);
      return { ...node, alive: isAlive(node.pid), answer, cut };
    }),
  );
}

/** A line a node: number, member, address, process, state, and where it stands. */
export function printStanding(rows: readonly Standing[], { out, lang }: Context): void {
  const words = clusterMessages(lang);
  const names = new Map(seedMembers().map(member => [member.code, memberName(member, lang)]));
  out.table(
    rows.map(({ member, url, pid, alive, answer, cut }, i) => [
      String(i + 1),
      member,
      names.get(member) ?? '',
      url,
      alive ? `pid ${pid}` : '',
      answer?.ready === true
        ? out.painted(true, words.ready)
        : out.painted(alive ? null : false, alive ? whyNotReady(answer, lang) : words.stopped),
      [
        ...(answer === null ? [] : [words.stands(answer.height, answer.final, answer.view)]),
        ...(answer?.votes === false ? [words.noVote] : []),
        ...(cut.length === 0 ? [] : [words.cutOff(cut.join(' '))]),
      ].join('  '),
    ]),
  );
}

/** Why a node is not ready, from what it says of itself and its peers; its own words where these do not tell. */
export function whyNotReady(answer: NodeAnswer | null, lang: Lang): string {
  const words = clusterMessages(lang);
  if (answer === null) return words.silent;
  const up = answer.peers.filter(({ connected }) => connected).length;
  const need = quorum(answer.peers.length + 1) - 1;
  if (up < need) return words.lacksPeers(up, need);
  const top = Math.max(...answer.peers.map(({ final }) => final ?? 0));
  return top > answer.height ? words.behind(answer.height, top) : (answer.reason ?? words.silent);
}
