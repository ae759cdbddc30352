import { HASH_LENGTH, type Hasher } from '../crypto/hasher.ts';

/** The two hashes of an RFC 6962 tree (section 2.1), over any 32-byte hash. Every hash is 32 bytes. */
export interface LogHash {
  /** H(): the root of the empty tree. Shared: not to be written to. */
  readonly emptyRoot: Uint8Array;
  /** H(0x00 ‖ data), the leaf hash of an entry. */
  leaf(data: Uint8Array): Uint8Array;
  /** The same, written to `out[at, at+32)`. */
  leafInto(data: Uint8Array, out: Uint8Array, at: number): void;
  /** H(0x01 ‖ left ‖ right). */
  node(left: Uint8Array, right: Uint8Array): Uint8Array;
  /** The same, written to `out[at, at+32)`; `out` may be one of the children. */
  nodeInto(left: Uint8Array, right: Uint8Array, out: Uint8Array, at: number): void;
  /** H(0x01 ‖ left ‖ right) of the children side by side in `pairs[from, from+64)`; `out` may be `pairs`. */
  pairInto(pairs: Uint8Array, from: number, out: Uint8Array, at: number): void;
}

const LARGEST_KEPT = 65_536;

/** The tree hashes over `hasher`. Its scratch buffers are its own: an instance is cheap, sharing one is cheaper. */
export function logHash(hasher: Hasher): LogHash {
  const node = new Uint8Array(1 + 2 * HASH_LENGTH);
  node[0] = 1;
  let kept = new Uint8Array(1024);

  const prefixed = (data: Uint8Array): Uint8Array => {
    const length = data.length + 1;
    if (length > kept.length && length <= LARGEST_KEPT) {
      kept = new Uint8Array(Math.min(LARGEST_KEPT, Math.max(length, 2 * kept.length)));
    }
    const input = length <= kept.length ? kept.subarray(0, length) : new Uint8Array(length);
    input.set(data, 1);
    return input;
  };
  const nodeInto: LogHash['nodeInto'] = (left, right, out, at) => {
    node.set(left, 1);
    node.set(right, 1 + HASH_LENGTH);
    hasher.digestInto(node, out, at);
  };

  return {
    emptyRoot: hasher.digest(new Uint8Array(0)),
    leaf: data => hasher.digest(prefixed(data)),
    leafInto: (data, out, at) => hasher.digestInto(prefixed(data), out, at),
    node: (left, right) => {
      const out = new Uint8Array(HASH_LENGTH);
      nodeInto(left, right, out, 0);
      return out;
    },
    nodeInto,
    pairInto: (pairs, from, out, at) => {
      node.set(pairs.subarray(from, from + 2 * HASH_LENGTH), 1);
      hasher.digestInto(node, out, at);
    },
  };
}
