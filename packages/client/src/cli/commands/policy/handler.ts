import {
  type Chain,
  EXIT,
  type ExitCode,
  type Handover,
  type Lang,
  type Pin,
  pinsOf,
  policyOfValidators,
  refuse,
  toHex,
  usageFault,
  verifyHandovers,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { served } from '../../../audit/fault.ts';
import type { Context } from '../../context.ts';
import { nodeComplaint, requireNodes } from '../../nodes.ts';
import { readFromNodes } from '../../readers.ts';
import { requireChain } from '../../trust.ts';
import { readVerifiedReceipt } from '../../verified-receipt.ts';
import { policyMessages } from './messages.ts';

/** Arguments of `policy` as they were typed. */
export interface PolicyFlags {
  readonly genesis?: string;
  readonly epoch?: string;
}

/** A policy with how its epoch was reached: `pins` for `verify --pin`, null where it is a node's word. */
interface Found {
  readonly text: string;
  readonly epoch: number;
  readonly pins: readonly Pin[] | null;
}

/** Prints the policy of a receipt's epoch, or of the one that was named. */
export async function policy(
  receipt: string | undefined,
  { genesis, epoch: typed }: PolicyFlags,
  context: Context,
): Promise<ExitCode> {
  const epoch = epochOf(typed, receipt, context.lang);
  const asksNode = context.nodes.length > 0 && genesis === undefined && receipt === undefined;
  const { text, pins, ...found } = asksNode
    ? await nodesWord(epoch, context)
    : await proven(await requireChain(genesis, context), receipt, epoch, context);
  const source = asksNode ? 'node' : 'genesis';
  const named = pins?.map(pin => `${pin.epoch}:${toHex(pin.hash)}`) ?? null;
  if (context.json) context.out.json({ policy: text, source, epoch: found.epoch, pins: named });
  else context.io.stdout(text);
  return EXIT.done;
}

function epochOf(typed: string | undefined, receipt: string | undefined, lang: Lang): number {
  const words = policyMessages(lang);
  if (typed !== undefined && receipt !== undefined)
    throw usageFault('two-questions', words.both, words.badEpochNext);
  if (typed !== undefined && !/^[0-9]{1,9}$/.test(typed))
    throw usageFault('bad-epoch', words.badEpoch(typed), words.badEpochNext);
  return Number(typed ?? 0);
}

/** The policy of a receipt's epoch, or of the one that was named, proven from the genesis. */
async function proven(
  chain: Chain,
  file: string | undefined,
  epoch: number,
  context: Context,
): Promise<Found> {
  if (file !== undefined) {
    const { receipt } = await readVerifiedReceipt(file, chain, context);
    return policyAfter(receipt.extra.handovers ?? [], chain);
  }
  if (epoch === 0) return policyAfter([], chain);
  return readFromNodes(context, async reader => {
    const handovers = await reader.handovers(chain);
    const { notYet } = policyMessages(context.lang);
    if (handovers.length < epoch) served(refuse('wrong-epoch', notYet(epoch, handovers.length)));
    return policyAfter(handovers.slice(0, epoch), chain);
  });
}

function policyAfter(handovers: readonly Handover[], chain: Chain): Found {
  const { epoch, validators } = served(verifyHandovers(handovers, { chain, suite: nativeSuite }));
  const text = policyOfValidators(chain.origin, validators, nativeSuite.hasher);
  return { text, epoch, pins: pinsOf(handovers, nativeSuite) };
}

async function nodesWord(epoch: number, context: Context): Promise<Found> {
  const client = await requireNodes(context);
  try {
    const text = await client.policy(epoch);
    context.io.stderr(`${policyMessages(context.lang).nodesWord(client.node)}\n`);
    return { text, epoch, pins: null };
  } catch (error) {
    throw nodeComplaint(error, context);
  }
}
