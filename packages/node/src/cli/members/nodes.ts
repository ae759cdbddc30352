import { bytesOfHex, formatCheckpoint, membersView, readJson, toUtf8 } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { fault } from '../complaints.ts';

/** The node that is asked unless another is named. */
export const USUAL_NODE = 'http://127.0.0.1:8101';
/** How long a node may take to know a final checkpoint, ms. */
const FINAL_WITHIN_MS = 60_000;
/** Ms for one answer, and how often it is asked for: many nodes may share few processors. */
const PATIENCE_MS = 15_000;
const TRIES = 3;

/** A validator set as a node tells it. */
export interface SetNow {
  readonly epoch: number;
  readonly quorum: number;
  readonly validators: readonly string[];
  /** Code → validator key. */
  readonly keys: ReadonlyMap<string, Uint8Array>;
  /** Every member of the chain, validator or not. */
  readonly members: readonly { readonly code: string; readonly nameZh: string; readonly nameEn: string }[];
  readonly observers: readonly { readonly code: string; readonly name: string }[];
  /** Log index of the last record that removed an observer. */
  readonly removal: number | null;
}

/** The set of the epoch in which the node's last block was made. */
export async function setAt(url: string): Promise<SetNow> {
  const answer = readJson(membersView, await askText(url, '/v1/members'));
  if (!answer.ok) throw fault('no-answer', url, answer.fault.detail);
  const { epoch, quorum, members, observers, removal } = answer.value;
  const keys = new Map(
    members.flatMap(({ code, key }) => (key === null ? [] : [[code, new Uint8Array(key)] as const])),
  );
  return { epoch, quorum, validators: [...keys.keys()], keys, members, observers, removal };
}

/** Genesis hash of the chain that a node keeps, hex, and the height of its last final block. */
export async function standingAt(url: string): Promise<{ readonly genesis: string; readonly final: number }> {
  return (await ask(url, '/v1/network')) as { genesis: string; final: number };
}

/** Height and H(text) of a checkpoint. */
export interface CheckpointRef {
  readonly height: number;
  readonly hash: Uint8Array;
}

/** The newest final checkpoint that a node has executed, once there is one: a node that catches up may know later ones only. */
export async function finalCheckpoint(url: string): Promise<CheckpointRef> {
  const end = Date.now() + FINAL_WITHIN_MS;
  let certified: number | null = null;
  while (certified === null) {
    ({ certified } = (await ask(url, '/v1/network')) as { certified: number | null });
    if (certified === null && Date.now() > end) throw fault('nothing-final', url);
    if (certified === null) await new Promise(resolve => setTimeout(resolve, 100));
  }
  return checkpointAt(url, certified);
}

/** The checkpoint of a block that a node has executed. */
export async function checkpointAt(url: string, at: number): Promise<CheckpointRef> {
  const { checkpoint } = (await ask(url, `/v1/blocks/${at}`)) as {
    checkpoint: Readonly<Record<'root' | 'blockHash' | 'stateRoot' | 'origin', string>> &
      Readonly<Record<'size' | 'height' | 'epoch', number>>;
  };
  const { origin, size, height, epoch } = checkpoint;
  const [root, blockHash, stateRoot] = [checkpoint.root, checkpoint.blockHash, checkpoint.stateRoot].map(
    bytesOfHex,
  ) as [Uint8Array, Uint8Array, Uint8Array];
  const text = formatCheckpoint({ origin, size, root, height, blockHash, stateRoot, epoch });
  return { height, hash: nativeSuite.hasher.digest(toUtf8(text)) };
}

async function ask(url: string, path: string): Promise<unknown> {
  return JSON.parse(await askText(url, path));
}

/** The body of a node's answer to a path. Throws `no-answer` for every status but success. */
export async function askText(url: string, path: string): Promise<string> {
  let response: Response | null = null;
  for (let left = TRIES; response === null; left--)
    response = await fetch(url + path, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch((error: Error) => {
      if (left > 1) return null;
      throw fault('no-answer', url, `${path}: ${error.message}`);
    });
  if (!response.ok) throw fault('no-answer', url, `${path}: ${response.status}`);
  return response.text();
}
