import { type Chain, equalBytes, usageFault } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { type Desk, type Outcome, recordAll } from '../../../publishers/desk.ts';
import type { Item } from '../../../publishers/item.ts';
import type { NodeClient } from '../../../sdk/client.ts';
import type { Context } from '../../context.ts';
import { loadKey, type PublisherKey } from '../../keys.ts';
import { nodeComplaint, requireNodes } from '../../nodes.ts';
import { requireChain } from '../../trust.ts';
import { approversFor, readApprovers } from './approvers.ts';
import type { ChangeFlags } from './flags.ts';
import { publishersMessages } from './messages.ts';

/** Everything with which publishers are changed from here. */
export interface Office {
  readonly client: NodeClient;
  readonly chain: Chain;
  /** Codes of the members of the chain. */
  readonly members: ReadonlySet<string>;
  /** Who approves for a home member; nobody where the keys are not here. */
  readonly approversOf: Desk['approversOf'];
  readonly carrier: PublisherKey;
  readonly patienceMs: number;
}

/** Opens the carrier's key and the members' keys that are here, and asks the nodes for the present set. */
export async function openOffice(flags: ChangeFlags, patienceMs: number, context: Context): Promise<Office> {
  const chain = await requireChain(flags.genesis, context);
  const client = await requireNodes(context);
  const carrier = await loadKey(flags, context);
  const { genesis } = await asked(client.network(), context);
  if (!equalBytes(genesis, chain.hash)) {
    const words = publishersMessages(context.lang);
    throw usageFault('wrong-chain', words.otherChain(client.node), words.otherChainNext);
  }
  const { members, quorum } = await asked(client.members(), context);
  const here = await readApprovers(flags.nodeHome ?? [], members, context);
  const approversOf = (home: string) => approversFor(home, here, quorum);
  const codes = new Set(members.map(({ code }) => code));
  return { client, chain, members: codes, approversOf, carrier, patienceMs };
}

/** Records items and tells what became of each as it is known. */
export async function record(
  items: readonly Item[],
  { client, chain, approversOf, carrier, patienceMs }: Office,
  report: (item: Item, outcome: Outcome) => void,
  context: Context,
): Promise<void> {
  const { signal } = context;
  const desk = { client, chain, suite: nativeSuite, carrier, approversOf, patienceMs, signal, report };
  await asked(recordAll(items, desk), context);
}

/** What nodes answer, with their failures as complaints for a person. */
export async function asked<T>(answer: Promise<T>, context: Context): Promise<T> {
  return answer.catch((error: unknown) => {
    throw nodeComplaint(error, context);
  });
}
