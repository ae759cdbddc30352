import { resolve } from 'node:path';
import { equalBytes, type Lang, usageFault } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { writeWhole } from '../../../files/write.ts';
import { type Outcome, recordAll } from '../../../publishers/desk.ts';
import type { Item } from '../../../publishers/item.ts';
import { proposalsOf } from '../../../publishers/propose.ts';
import type { NodeClient } from '../../../sdk/client.ts';
import type { Context } from '../../context.ts';
import { faultText, refusalText } from '../../fault-text.ts';
import { fileError } from '../../files.ts';
import { keyOwner, loadKey } from '../../keys.ts';
import { nodeComplaint, requireNodes } from '../../nodes.ts';
import { requireChain } from '../../trust.ts';
import { approversFor, readApprovers } from './approvers.ts';
import type { ChangeFlags } from './flags.ts';
import { publishersMessages } from './messages.ts';

type Report = (item: Item, outcome: Outcome) => void;

/** Everything with which publishers are changed from here. */
export interface Office {
  readonly client: NodeClient;
  /** Codes of the members of the chain. */
  readonly members: ReadonlySet<string>;
  /** Whether a change can be approved here for a home member; any can be proposed. */
  readonly serves: (home: string) => boolean;
  /** Records items, or proposes them, and tells what became of each as it is known. */
  readonly carryOut: (items: readonly Item[], report: Report) => Promise<void>;
}

/**
 * Asks the nodes for the present set, and opens what changes are recorded with: the carrier's key and the members' keys that
 * are here. For a proposal no key is opened.
 */
export async function openOffice(flags: ChangeFlags, patienceMs: number, context: Context): Promise<Office> {
  const { io, signal, lang } = context;
  const { propose } = flags;
  const chain = await requireChain(flags.genesis, context);
  const client = await requireNodes(context);
  const carrier = propose === undefined ? await loadKey(flags, context) : null;
  const { genesis } = await asked(client.network(), context);
  if (!equalBytes(genesis, chain.hash)) {
    const words = publishersMessages(lang);
    throw usageFault('wrong-chain', words.otherChain(client.node), words.otherChainNext);
  }
  const { epoch, members: all, quorum } = await asked(client.members(), context);
  const members = new Set(all.map(({ code }) => code));
  if (carrier === null) {
    const owner = await keyOwner(flags, context);
    const carryOut = async (items: readonly Item[], report: Report) => {
      if (items.length === 0) return;
      const path = resolve(io.cwd, propose!);
      await writeWhole(path, proposalsOf(items, epoch, owner, chain)).catch((error: unknown) => {
        throw fileError(error, propose!, context);
      });
      for (const item of items) report(item, { type: 'proposed', file: propose! });
    };
    return { client, members, serves: () => true, carryOut };
  }
  const here = await readApprovers(flags.nodeHome ?? [], all, context);
  const approversOf = (home: string) => approversFor(home, here, quorum);
  const carryOut = (items: readonly Item[], tell: Report) => {
    const report: Report = (item, outcome) => tell(item, inWords(outcome, lang));
    const desk = { client, chain, suite: nativeSuite, carrier, approversOf, patienceMs, signal, report };
    return asked(recordAll(items, desk), context);
  };
  return { client, members, serves: home => approversOf(home).length > 0, carryOut };
}

/** An outcome with the reason in the person's language. */
function inWords(outcome: Outcome, lang: Lang): Outcome {
  if (outcome.type === 'refused') return { ...outcome, detail: refusalText(outcome, null, lang) };
  return outcome.type === 'pending' ? { ...outcome, detail: faultText(outcome, lang) } : outcome;
}

/** What nodes answer, with their failures as complaints for a person. */
export async function asked<T>(answer: Promise<T>, context: Context): Promise<T> {
  return answer.catch((error: unknown) => {
    throw nodeComplaint(error, context);
  });
}
