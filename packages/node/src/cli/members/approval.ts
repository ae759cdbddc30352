import {
  CHANGE_MEMBERS,
  CHANGE_PUBLISHERS,
  type Chain,
  type Proposal,
  possessionBytes,
  possessionFlaw,
  toHex,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { NodeHome } from '../../config/node-home.ts';
import { fault } from '../complaints.ts';
import { approve } from './membership.ts';
import { type CheckpointRef, checkpointAt, type SetNow, setAt, standingAt } from './nodes.ts';
import { type Content, contentOf } from './proposal.ts';

/** How long an approver's node may be behind the newcomer's, ms. */
const BEHIND_MS = 20_000;

/**
 * A proposal with the approval of the validator whose home this is, after it asked its own node, at `url`, what execution
 * cannot ask: that the change is of the present epoch, that each newcomer signed, by the key it joins with, a checkpoint
 * that is final here and at most 100 blocks old (ADR 0011), and that publishers' keys can sign (ADR 0016). Throws a fault that says what is wrong with it.
 */
export async function approved(
  proposal: Proposal,
  home: Pick<NodeHome, 'member' | 'keys'>,
  chain: Chain,
  url: string,
): Promise<Proposal> {
  const content = contentOf(proposal);
  const { genesis, final, set } = await arrived(url, content);
  if (genesis !== toHex(chain.hash)) throw fault('other-chain', url);
  const key = set.keys.get(home.member);
  if (key === undefined || toHex(key) !== toHex(home.keys.validator.publicKey))
    throw fault('not-a-validator', home.member, set.epoch);
  await judge(content, chain, set, url, final);
  const approval = approve(home, chain, set.epoch, proposal.change);
  return { ...proposal, approvals: [...proposal.approvals, approval] };
}

/** Where the approver's own node stands, once it has come as far as the newcomers, or has had time to. */
async function arrived(url: string, { action, change }: Content) {
  const heights =
    action === CHANGE_MEMBERS ? change.members.map(({ validator }) => validator?.possession.height ?? 0) : [];
  for (const end = Date.now() + BEHIND_MS; ; await new Promise(resolve => setTimeout(resolve, 100))) {
    const [standing, set] = await Promise.all([standingAt(url), setAt(url)]);
    const there = set.epoch >= change.epoch && heights.every(height => height <= standing.final);
    if (there || Date.now() > end) return { ...standing, set };
  }
}

/** Throws if an honest member must not approve this. */
async function judge(content: Content, chain: Chain, set: SetNow, url: string, final: number): Promise<void> {
  const { action, change } = content;
  if (change.epoch !== set.epoch) throw fault('other-epoch', change.epoch, set.epoch);
  if (action === CHANGE_PUBLISHERS)
    for (const { id, keys } of [...change.enrolled, ...change.altered])
      if (keys?.some(key => !nativeSuite.verifier.isKey(key))) throw fault('no-key', id);
  if (action !== CHANGE_MEMBERS) return;
  const known = new Map<number, CheckpointRef>();
  for (const { code, validator } of change.members) {
    if (validator === null) continue;
    const { height, hash, signature } = validator.possession;
    const message = possessionBytes(chain.hash, change.epoch, height, hash);
    if (!nativeSuite.verifier.verify(validator.key, message, signature))
      throw fault('no-possession', code, '');
    if (height <= final && !known.has(height)) known.set(height, await checkpointAt(url, height));
  }
  const flaw = possessionFlaw(change, height => known.get(height)?.hash ?? null, final);
  if (flaw !== null) throw fault('no-possession', '', flaw.detail);
}
