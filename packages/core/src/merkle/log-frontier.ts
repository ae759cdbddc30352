import { HASH_LENGTH } from '../crypto/hasher.ts';
import { invariant, ok, type Result, refuse } from '../encoding/result.ts';
import type { LogHash } from './log-hash.ts';
import { countOf } from './log-root.ts';
import { isCount, perfectSizes } from './log-shape.ts';

/**
 * The right edge of a log: its size and the roots of the perfect subtrees that make it up, left to right, end to
 * end (32 bytes for each one in the binary form of the size). All that an append and a root need, and a plain
 * value: the old one stays valid when a block is dropped, and storage keeps the two fields as they are.
 */
export interface Frontier {
  readonly size: number;
  readonly hashes: Uint8Array;
}

/** The edge of the empty log. */
export const emptyFrontier: Frontier = { size: 0, hashes: new Uint8Array(0) };

// A size has at most 53 binary digits; one place more for the leaf being added.
const DEEPEST = 54;

/** A frontier from stored or received fields; `bad-frontier` unless the hashes are as many as the size asks for. */
export function frontierOf(size: number, hashes: Uint8Array): Result<Frontier> {
  if (!isCount(size)) return refuse('bad-frontier', `a log cannot have ${size} leaves`);
  const count = perfectSizes(size).length;
  if (hashes.length !== count * HASH_LENGTH) {
    return refuse('bad-frontier', `size ${size} needs ${count} hashes, found ${hashes.length} bytes`);
  }
  return ok({ size, hashes: hashes.slice() });
}

/** The frontier after `leafHashes`, end to end, are appended. */
export function appendLeaves(hash: LogHash, frontier: Frontier, leafHashes: Uint8Array): Frontier {
  const size = frontier.size + countOf(leafHashes);
  invariant(Number.isSafeInteger(size), 'a log size is a safe integer');
  const stack = new Uint8Array(DEEPEST * HASH_LENGTH);
  stack.set(frontier.hashes);
  let top = frontier.hashes.length;
  for (let at = 0, reached = frontier.size; at < leafHashes.length; at += HASH_LENGTH) {
    for (let i = 0; i < HASH_LENGTH; i++) stack[top + i] = leafHashes[at + i]!;
    top += HASH_LENGTH;
    reached++;
    for (let rest = reached; rest % 2 === 0; rest /= 2) {
      top -= HASH_LENGTH;
      hash.pairInto(stack, top - HASH_LENGTH, stack, top - HASH_LENGTH);
    }
  }
  return { size, hashes: stack.slice(0, top) };
}

/** Root of the log (RFC 6962 section 2.1). */
export function frontierRoot(hash: LogHash, frontier: Frontier): Uint8Array {
  if (frontier.size === 0) return hash.emptyRoot.slice();
  const stack = frontier.hashes.slice();
  let top = stack.length - HASH_LENGTH;
  while (top > 0) {
    top -= HASH_LENGTH;
    hash.pairInto(stack, top, stack, top);
  }
  return stack.slice(0, HASH_LENGTH);
}
