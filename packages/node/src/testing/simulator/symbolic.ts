import { toUtf8 } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { ToSign } from '../../consensus/output.ts';
import type { Draft } from '../../consensus/propose.ts';
import { contentOf } from './batches.ts';
import { validatorKey } from './genesis.ts';

/** The signer of clients: no validator. */
export const CLIENT = -1;

/**
 * Signatures and hashes by table. A signature is a number under which the table remembers who signed what, so nobody
 * can forge one; a hash is a number given to each different text, so none collide.
 */
export class Symbols {
  readonly #signed: { readonly signer: number; readonly said: string }[] = [];
  readonly #signatures = new Map<number, Map<string, Uint8Array>>();
  readonly #hashes = new Map<string, string>();

  /** The signature of `signer` over a saying; the same one each time, as Ed25519's. */
  sign(signer: number, said: string): Uint8Array {
    let mine = this.#signatures.get(signer);
    if (mine === undefined) {
      mine = new Map();
      this.#signatures.set(signer, mine);
    }
    const before = mine.get(said);
    if (before !== undefined) return before;
    const signature = this.make(signer, said);
    mine.set(said, signature);
    return signature;
  }

  protected make(signer: number, said: string): Uint8Array {
    const number = this.#signed.push({ signer, said }) - 1;
    return Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number);
  }

  /** True iff `signer` has signed exactly this. */
  holds(signer: number, said: string, signature: Uint8Array): boolean {
    const [a = 0, b = 0, c = 0, d = 0] = signature;
    const entry = this.#signed[((a << 24) | (b << 16) | (c << 8) | d) >>> 0];
    return entry !== undefined && entry.signer === signer && entry.said === said;
  }

  /** A name for a text that no other text has. */
  hash(text: string): string {
    const before = this.#hashes.get(text);
    if (before !== undefined) return before;
    const name = `#${this.#hashes.size}`;
    this.#hashes.set(text, name);
    return name;
  }

  hashBlock(draft: Draft): string {
    return `${draft.height}${this.hash(JSON.stringify(draft))}`;
  }
}

/** The same with Ed25519: a signature is checked by its key, not looked up. */
export class RealSymbols extends Symbols {
  protected override make(signer: number, said: string): Uint8Array {
    return validatorKey(signer).sign(toUtf8(said));
  }

  /** What each signature was found to be over, so that a message heard by many is checked once. */
  readonly #checked = new WeakMap<Uint8Array, string>();

  override holds(signer: number, said: string, signature: Uint8Array): boolean {
    const what = `${signer} ${said}`;
    if (this.#checked.get(signature) === what) return true;
    if (!this.#verify(signer, said, signature)) return false;
    this.#checked.set(signature, what);
    return true;
  }

  #verify(signer: number, said: string, signature: Uint8Array): boolean {
    return nativeSuite.verifier.verify(validatorKey(signer).publicKey, toUtf8(said), signature);
  }
}

/** What a signature of each kind is over; written apart from the node's own encoding on purpose. */
export function saying(what: ToSign, symbols: Symbols): string {
  switch (what.type) {
    case 'vote': {
      const { kind, epoch, view, height, hash } = what.vote;
      return voteSaying(kind, epoch, view, height, hash);
    }
    case 'proposal':
      return voteSaying('prepare', what.block.epoch, what.view, what.block.height, what.block.hash);
    case 'view-change':
      return `view-change ${what.body.epoch} ${what.body.newView} ${bodyHash(what.body, symbols)}`;
    case 'new-view':
      return `new-view ${what.body.epoch} ${what.body.view} ${bodyHash(what.body, symbols)}`;
    case 'cosignature':
      return cosignatureSaying(what.text, what.time);
  }
}

/** What PREPARE and COMMIT sign. */
export function voteSaying(kind: string, epoch: number, view: number, height: number, hash: string): string {
  return `${kind} ${epoch} ${view} ${height} ${hash}`;
}

/** What CHECKPOINT signs. */
export function cosignatureSaying(text: string, time: number): string {
  return `cosignature ${time} ${text}`;
}

/** What signs a submission: its publisher's key, whatever batch it is in. */
export function batchSaying(digest: string): string {
  return `submission ${contentOf(digest)}`;
}

const bodyHashes = new WeakMap<Symbols, WeakMap<object, string>>();

/** Bodies are made once and repeated as they were, so their hashes are remembered. */
function bodyHash(body: object, symbols: Symbols): string {
  let known = bodyHashes.get(symbols);
  if (known === undefined) {
    known = new WeakMap();
    bodyHashes.set(symbols, known);
  }
  let hash = known.get(body);
  if (hash === undefined) {
    hash = symbols.hash(
      JSON.stringify(body, (_, value) => (value instanceof Uint8Array ? [...value] : value)),
    );
    known.set(body, hash);
  }
  return hash;
}
