/** A block of the tree of all blocks that anybody ever made, with the votes for it that were ever sent. */
export interface Block {
  readonly name: string;
  readonly height: number;
  readonly parent: Block | null;
  /** The epoch it was proposed in; null for the genesis. */
  readonly epoch: Epoch | null;
  readonly barrier: boolean;
  /** The epoch that stands on it, if it ends its own. */
  opens: Epoch | null;
  /** By view: bit k is set if honest key k sent that vote. Byzantine keys vote for everything, always. */
  readonly prepares: number[];
  readonly commits: number[];
  /** Bit k is set if honest key k cosigned the checkpoint of this block. */
  cosigners: number;
}

/** A PREPARED or commit certificate: q votes of one kind, view and block. */
export interface Certificate {
  readonly view: number;
  readonly block: Block;
}

/** One VIEW-CHANGE in a NEW-VIEW: who asks, and the highest certificate it reports. */
export interface Report {
  readonly key: number;
  readonly high: Certificate | null;
}

/** One epoch: a set of keys upon a base, and what was said in it. */
export interface Epoch {
  readonly index: number;
  readonly base: Block;
  readonly previous: Epoch | null;
  /** Keys in the order of positions. */
  readonly keys: readonly number[];
  readonly mask: number;
  /** How many of the keys are Byzantine. */
  readonly byzantine: number;
  /** VIEW-CHANGEs by view and honest key: what each reports as its highest certificate. */
  readonly changes: Map<number, Map<number, Certificate | null>>;
  /** Commit certificates that exist, for the invariants. */
  readonly committed: Certificate[];
  /** NEW-VIEWs that an honest replica accepted, for the invariants. */
  readonly entered: Certificate[];
}

/** What a replica has on disk, synced before anything that depends on it is said. */
export interface Disk {
  epoch: Epoch;
  view: number;
  /** Highest view asked for; above `view` while it leaves. */
  asked: number;
  /** The VIEW-CHANGEs of the NEW-VIEW it accepted, and what the view starts from. */
  reports: readonly Report[];
  tip: Block;
  /** How much of the tip's chain was PREPAREd in this view: all of it at once, or nothing. */
  carried: Block | null;
  /** Accepted in the view, by height. */
  readonly accepted: Map<number, Block>;
  /** Highest PREPARED certificate of the epoch. */
  high: Certificate | null;
  /** The last final block; its height is low. */
  low: Block;
  executed: Block;
  cosigned: Block | null;
}

/** What the signer remembers beside the disk: enough to tell that a disk is older than its votes. */
export interface Guard {
  epoch: number;
  floor: number;
  signed: { readonly kind: 'prepare' | 'commit'; readonly view: number; readonly block: Block }[];
  cosigned: number;
}

/** An honest replica. */
export interface Replica {
  readonly key: number;
  disk: Disk;
  guard: Guard;
  /** True once its key may have signed what it does not remember: it has no vote. */
  amnesiac: boolean;
  /** Highest block it knows committed; lost in a crash. */
  committed: Block;
  /** Highest block whose commit certificate it holds; lost in a crash. */
  proof: Block | null;
  /** An older disk, put aside. */
  backup: Disk | null;
}

/** Where the chain begins. */
export function genesis(): Block {
  return newBlock('genesis', null, null, false);
}

/** A block above its parent; proposed in `epoch`. */
export function newBlock(name: string, parent: Block | null, epoch: Epoch | null, barrier: boolean): Block {
  const height = parent === null ? 0 : parent.height + 1;
  return { name, height, parent, epoch, barrier, opens: null, prepares: [], commits: [], cosigners: 0 };
}

/** Lets a block end its epoch and begin the next, with these keys; at most 31 keys, numbered from 0. */
export function openOn(base: Block, keys: readonly number[], isByzantine: (key: number) => boolean): Epoch {
  const previous = base.epoch;
  const mask = keys.reduce((bits, key) => bits | (1 << key), 0);
  const index = previous === null ? 0 : previous.index + 1;
  const byzantine = keys.filter(isByzantine).length;
  const said = { changes: new Map(), committed: [], entered: [] };
  base.opens = { index, base, previous, keys, mask, byzantine, ...said };
  return base.opens;
}

/** A replica that has seen nothing but where an epoch begins. */
export function freshDisk(epoch: Epoch): Disk {
  const { base } = epoch;
  const here = { reports: [], tip: base, carried: base, low: base, executed: base };
  return { epoch, view: 0, asked: 0, ...here, accepted: new Map(), high: null, cosigned: null };
}

/** A replica with an empty disk, in the first epoch. */
export function newReplica(key: number, epoch: Epoch): Replica {
  const guard: Guard = { epoch: epoch.index, floor: 0, signed: [], cosigned: 0 };
  const known = { committed: epoch.base, proof: null, backup: null };
  return { key, disk: freshDisk(epoch), guard, amnesiac: false, ...known };
}

/** A disk that later writes do not change. */
export function copyOf(disk: Disk): Disk {
  return { ...disk, accepted: new Map(disk.accepted) };
}

/** Whether its key counts in its epoch and it remembers all that the key signed. */
export function hasVote({ key, disk, amnesiac }: Replica): boolean {
  return !amnesiac && (disk.epoch.mask & (1 << key)) !== 0;
}

/** True while it has asked for a later view. */
export function leaving({ disk }: Replica): boolean {
  return disk.asked > disk.view;
}

/** Highest block accepted in the view, the tip to begin with. */
export function topOf({ accepted, tip }: Pick<Disk, 'accepted' | 'tip'>): Block {
  let top = tip;
  for (const block of accepted.values()) if (block.height > top.height) top = block;
  return top;
}

/** The ancestor of a block at a height not above it. */
export function ancestorAt(block: Block, height: number): Block {
  let at = block;
  while (at.height > height) at = at.parent!;
  return at;
}

/** Whether `block` is `of` or one of its ancestors. */
export function isOnChain(block: Block, of: Block): boolean {
  return block.height <= of.height && ancestorAt(of, block.height) === block;
}

/** Bits set. */
export function bitsOf(mask: number): number {
  let count = 0;
  for (let left = mask; left !== 0; left &= left - 1) count++;
  return count;
}
