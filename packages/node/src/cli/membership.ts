import { randomBytes } from 'node:crypto';
import {
  type Approvals,
  approvalBytes,
  bytesOfHex,
  type Chain,
  type Entry,
  encode,
  formatCheckpoint,
  type MembershipChange,
  membershipChangeCodec,
  membershipEntry,
  type NewValidator,
  possessionBytes,
  type Signer,
  signSubmission,
  toUtf8,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { NodeHome, NodeKeys } from '../config/node-home.ts';
import { fault } from './complaints.ts';

/** How long a submission that changes the members may take to become final, ms: several views may fail on the way. */
const VALID_MS = 600_000;

/** How long a node may take to know a final checkpoint, ms. */
const FINAL_WITHIN_MS = 60_000;

/** Who carries a change to the ledger; its authority is in the approvals. */
export interface Carrier {
  readonly id: string;
  readonly signer: Signer;
}

/** A validator set as a node tells it. */
export interface SetNow {
  readonly epoch: number;
  readonly quorum: number;
  readonly validators: readonly string[];
}

/** The set of the epoch in which the node's last block was made. */
export async function setAt(url: string): Promise<SetNow> {
  const { epoch, quorum, members } = (await ask(url, '/v1/members')) as {
    epoch: number;
    quorum: number;
    members: readonly { code: string; key: string | null }[];
  };
  return { epoch, quorum, validators: members.flatMap(({ code, key }) => (key === null ? [] : [code])) };
}

/**
 * What a home offers, in `epoch`, as a validator of the next one: its keys, where it is reached, and its signature over the
 * newest final checkpoint that its own node, at `url`, has executed.
 */
export async function candidateOf(
  keys: NodeKeys,
  addresses: readonly string[],
  chain: Chain,
  epoch: number,
  url: string,
): Promise<NewValidator> {
  const { height, text } = await finalCheckpoint(url);
  const hash = nativeSuite.hasher.digest(toUtf8(text));
  return {
    key: keys.validator.publicKey,
    logKey: keys.log.publicKey,
    p2pKey: keys.p2p.publicKey,
    addresses,
    possession: {
      height,
      hash,
      signature: keys.validator.sign(possessionBytes(chain.hash, epoch, height, hash)),
    },
  };
}

/** The change as its approvers sign it. */
export function changeBytes(change: MembershipChange): Uint8Array {
  return encode(membershipChangeCodec, change);
}

/** A validator's approval of a change of the members in its epoch. */
export function approve(
  { member, keys }: Pick<NodeHome, 'member' | 'keys'>,
  chain: Chain,
  epoch: number,
  bytes: Uint8Array,
): Approvals[number] {
  const hash = nativeSuite.hasher.digest(bytes);
  return [member, keys.validator.sign(approvalBytes(chain.hash, epoch, hash))];
}

/** The entry of a change with its approvals, in order of member code. */
export function changeEntry(carrier: Carrier, change: MembershipChange, approvals: Approvals): Entry {
  return membershipEntry(carrier.id, change, sorted(approvals));
}

/** Approvals in the order in which a record holds them. */
export function sorted(approvals: Approvals): Approvals {
  return approvals.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Records an entry and waits until it is final. Throws with the ledger's refusal, or when no answer comes. */
export async function recordFinally(
  url: string,
  chain: Chain,
  { id, signer }: Carrier,
  entry: Entry,
): Promise<{ readonly height: number }> {
  const issuedAt = Date.now();
  const draft = {
    genesis: chain.hash,
    publisher: id,
    nonce: new Uint8Array(randomBytes(16)),
    issuedAt,
    expires: issuedAt + VALID_MS,
    entries: [entry],
  };
  const wire = signSubmission(draft, signer, nativeSuite.hasher);
  for (;;) {
    const response = await fetch(`${url}/v1/submissions?wait=final`, {
      method: 'POST',
      headers: { 'content-type': 'application/cbor' },
      body: wire as Uint8Array<ArrayBuffer>,
    });
    const answer = (await response.json()) as { height: number; code?: string; detail?: string };
    if (response.status === 200) return answer;
    // The same bytes again: they are queued, and recorded once.
    if (response.status === 503 && Date.now() < issuedAt + VALID_MS) continue;
    throw fault('change-refused', answer.code ?? String(response.status), answer.detail ?? '');
  }
}

/** The newest final checkpoint that a node has executed, once there is one: a node that catches up may know later ones only. */
async function finalCheckpoint(url: string): Promise<{ readonly height: number; readonly text: string }> {
  const end = Date.now() + FINAL_WITHIN_MS;
  let certified: number | null = null;
  while (certified === null) {
    ({ certified } = (await ask(url, '/v1/network')) as { certified: number | null });
    if (certified === null && Date.now() > end) throw fault('nothing-final', url);
    if (certified === null) await new Promise(resolve => setTimeout(resolve, 100));
  }
  const { checkpoint } = (await ask(url, `/v1/blocks/${certified}`)) as {
    checkpoint: Readonly<Record<'root' | 'blockHash' | 'stateRoot' | 'origin', string>> &
      Readonly<Record<'size' | 'height' | 'epoch', number>>;
  };
  const { origin, size, height, epoch } = checkpoint;
  const [root, blockHash, stateRoot] = [checkpoint.root, checkpoint.blockHash, checkpoint.stateRoot].map(
    bytesOfHex,
  ) as [Uint8Array, Uint8Array, Uint8Array];
  return {
    height,
    text: formatCheckpoint({ origin, size, root, height, blockHash, stateRoot, epoch }),
  };
}

async function ask(url: string, path: string): Promise<unknown> {
  const response = await fetch(url + path, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw fault('no-answer', url, `${path}: ${response.status}`);
  return response.json();
}
