import { invariant, type Result } from '../encoding/result.ts';
import type { Handover } from '../receipts/handover.ts';
import type { HandoverTrust } from '../receipts/handovers.ts';
import { type Certified, verifyCertificate } from './certificate.ts';
import type { Contradiction } from './contradiction.ts';

/** Two checkpoints to compare, the first not higher than the second. */
export interface Pair {
  readonly first: Certified;
  readonly second: Certified;
  /** The handover that the first is of, where it is known to end its epoch. */
  readonly ended: Handover | null;
}

/**
 * Those two checkpoints on the ways to `a` and `b` that are by one set and must agree if `a` and `b` do. The way to a
 * certificate is its handovers and itself. As long as these are of the same texts, the sets after them are the same, for
 * the text holds the state root and the state the set. So the first two handovers that differ are by one set, as are a
 * certificate and the handover of its epoch on a way that goes on.
 */
export function comparable(a: Certified, b: Certified, trust: HandoverTrust): Pair {
  const [ours, theirs] = [a, b].map(({ certificate }) => certificate.handovers ?? []) as [
    Handover[],
    Handover[],
  ];
  const both = Math.min(ours.length, theirs.length);
  for (let epoch = 0; epoch < both; epoch++) {
    const [x, y] = [stepOf(a, epoch, trust), stepOf(b, epoch, trust)];
    if (x.text !== y.text) return inOrder(x, ours[epoch]!, y, theirs[epoch]!);
  }
  if (ours.length === theirs.length) return inOrder(a, null, b, null);
  return ours.length < theirs.length
    ? inOrder(a, null, stepOf(b, both, trust), theirs[both]!)
    : inOrder(stepOf(a, both, trust), ours[both]!, b, null);
}

/** The checkpoints that ended the epochs before a certificate, each to be compared with it. */
export function stepsTo(certified: Certified, trust: HandoverTrust): readonly Certified[] {
  const { handovers } = certified.certificate;
  return (handovers ?? []).map((_, epoch) => stepOf(certified, epoch, trust));
}

/** How two checkpoints exclude each other by what they say alone; null if they do not, or only their logs could tell. */
export function plainContradiction({ first, second, ended }: Pair): Contradiction | null {
  const [low, high] = [first.checkpoint, second.checkpoint];
  if (low.height === high.height) return first.text === second.text ? null : { kind: 'height' };
  if (low.size > high.size || low.epoch > high.epoch) return { kind: 'order' };
  if (ended === null || low.epoch !== high.epoch) return null;
  return { kind: 'epoch-end', value: ended.epoch, proof: ended.proof };
}

/** The certificate in a handover that was verified on the way to another. */
function stepOf({ certificate }: Certified, epoch: number, trust: HandoverTrust): Certified {
  const handovers = certificate.handovers!;
  const before = epoch === 0 ? null : handovers.slice(0, epoch);
  const step: Result<Certified> = verifyCertificate(
    { checkpoint: handovers[epoch]!.checkpoint, handovers: before },
    trust,
  );
  invariant(step.ok, 'the handovers of a verified certificate are certificates');
  return step.value;
}

function inOrder(a: Certified, endedA: Handover | null, b: Certified, endedB: Handover | null): Pair {
  return a.checkpoint.height <= b.checkpoint.height
    ? { first: a, second: b, ended: endedA }
    : { first: b, second: a, ended: endedB };
}
