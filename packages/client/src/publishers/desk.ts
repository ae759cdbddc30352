import { randomBytes } from 'node:crypto';
import {
  approvalBytes,
  type Chain,
  type Entry,
  encode,
  publisherChangeCodec,
  publishersEntry,
  type Signer,
  type Suite,
  signSubmission,
} from '@qifeng/core';
import type { FinalSubmission, RefusedSubmission } from '../sdk/answers.ts';
import type { NodeClient } from '../sdk/client.ts';
import { NodeError } from '../sdk/node-error.ts';
import { submitUntilFinal } from '../sdk/wait-final.ts';
import { differences } from './differences.ts';
import { changeOf, grouped, type Item } from './item.ts';

/** What became of one item. */
export type Outcome =
  | { readonly type: 'ok'; readonly index: number; readonly height: number | null }
  /** In a proposal now, in this file, for others to approve. */
  | { readonly type: 'proposed'; readonly file: string }
  /** Enrolled already, just so. */
  | { readonly type: 'already' }
  | { readonly type: 'refused'; readonly code: string; readonly detail: string }
  /** No node said what became of it: asking for the same again is harmless. */
  | { readonly type: 'pending'; readonly code: string; readonly detail: string };

/** What recording changes of publishers needs. */
export interface Desk {
  readonly client: NodeClient;
  readonly chain: Chain;
  readonly suite: Suite;
  /** The publisher that records, by its own key. */
  readonly carrier: { readonly publisher: string; readonly signer: Signer };
  /** The validator keys that approve for a home member, in order of member code: its own, or a quorum's; of every item's home. */
  readonly approversOf: (home: string) => readonly (readonly [code: string, signer: Signer])[];
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  readonly report: (item: Item, outcome: Outcome) => void;
}

type Group = readonly Item[];

/** How long a signed submission may take to be recorded, ms. */
const LIFE_MS = 600_000;
/** Entries in a submission: 16 of 8 KiB with up to 67 approvals each, a quorum of 100, stay below 256 KiB. */
const GROUPS_AT_ONCE = 16;
/** Submissions on their way at a time. */
const IN_FLIGHT = 3;

/**
 * Approves and records items, many at a time, and tells what became of each. What is refused is parted until what is at fault
 * stands alone, and the rest is sent again.
 */
export async function recordAll(items: readonly Item[], desk: Desk): Promise<void> {
  const all = grouped(items, desk.carrier.publisher);
  const queue: (readonly Group[])[] = Array.from({ length: Math.ceil(all.length / GROUPS_AT_ONCE) }, (_, i) =>
    all.slice(i * GROUPS_AT_ONCE, (i + 1) * GROUPS_AT_ONCE),
  );
  let { epoch } = await desk.client.members();
  let down: NodeError | null = null;
  const settle = async (
    groups: readonly Group[],
    approvedIn: number,
    answer: FinalSubmission | RefusedSubmission,
  ) => {
    if (answer.type === 'final') {
      for (const [i, group] of groups.entries())
        for (const item of group)
          desk.report(item, { type: 'ok', index: answer.indexes[i]!, height: answer.height });
      return;
    }
    if (answer.code === 'governance-epoch') {
      ({ epoch } = await desk.client.members());
      if (epoch !== approvedIn) {
        queue.push(groups);
        return;
      }
    }
    const at = answer.entry;
    if (at === null) {
      for (const item of groups.flat()) desk.report(item, answer);
      return;
    }
    // Its halves go by themselves, so that looking for what is at fault takes little beside it again and again.
    const others = groups.filter((_, i) => i !== at);
    if (others.length > 0) queue.push(others);
    const wrong = groups[at]!;
    if (wrong.length === 1) desk.report(wrong[0]!, await judged(wrong[0]!, answer, desk));
    else queue.push([wrong.slice(0, wrong.length >> 1)], [wrong.slice(wrong.length >> 1)]);
  };
  const work = async () => {
    for (let groups = queue.shift(); groups !== undefined; groups = queue.shift()) {
      desk.signal.throwIfAborted();
      try {
        if (down !== null) throw down;
        const approvedIn = epoch;
        const bytes = signed(groups, approvedIn, desk);
        const answer = await submitUntilFinal(desk.client, bytes, {
          totalMs: desk.patienceMs,
          signal: desk.signal,
        });
        await settle(groups, approvedIn, answer);
      } catch (error) {
        if (!(error instanceof NodeError)) throw error;
        down ??= error;
        for (const item of groups.flat())
          desk.report(item, { type: 'pending', code: error.code, detail: error.message });
      }
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
}

/** One submission with a change for each group, approved by its home member. */
function signed(groups: readonly Group[], epoch: number, desk: Desk): Uint8Array {
  const { carrier, chain, suite } = desk;
  const now = Date.now();
  const draft = {
    genesis: chain.hash,
    publisher: carrier.publisher,
    nonce: new Uint8Array(randomBytes(16)),
    issuedAt: now,
    expires: now + LIFE_MS,
    entries: groups.map(group => entryOf(group, epoch, desk)),
  };
  return signSubmission(draft, carrier.signer, suite.hasher);
}

function entryOf(group: Group, epoch: number, { carrier, chain, suite, approversOf }: Desk): Entry {
  const change = changeOf(group, epoch, carrier.publisher);
  const hash = suite.hasher.digest(encode(publisherChangeCodec, change));
  const message = approvalBytes(chain.hash, epoch, hash);
  const approvals = approversOf(change.home).map(([code, key]) => [code, key.sign(message)] as const);
  return publishersEntry(change, approvals, suite.hasher);
}

/** An enrolment that another one came before, perhaps by this very command when it was interrupted, is none to complain of. */
async function judged(item: Item, refusal: RefusedSubmission, { client }: Desk): Promise<Outcome> {
  if ('alteration' in item) return refusal;
  const found = await client.publisher(item.id).catch((error: unknown) => {
    if (error instanceof NodeError) return null;
    throw error;
  });
  const same = found?.home === item.home && differences(item.enrolment, found).length === 0;
  return same ? { type: 'already' } : refusal;
}
