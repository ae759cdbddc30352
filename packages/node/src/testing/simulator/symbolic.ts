import type { ToSign } from '../../consensus/output.ts';
import type { Draft } from '../../consensus/propose.ts';

/**
 * Signatures and hashes by table. A signature is a number under which the table remembers who signed what, so nobody
 * can forge one; a hash is a number given to each different text, so none collide.
 */
export class Symbols {
  readonly #signed: { readonly signer: number; readonly said: string }[] = [];
  readonly #signatures = new Map<string, Uint8Array>();
  readonly #hashes = new Map<string, string>();

  /** The signature of `signer` over a saying; the same one each time, as Ed25519's. */
  sign(signer: number, said: string): Uint8Array {
    const key = `${signer} ${said}`;
    const before = this.#signatures.get(key);
    if (before !== undefined) return before;
    const signature = new Uint8Array(4);
    new DataView(signature.buffer).setUint32(0, this.#signed.push({ signer, said }) - 1);
    this.#signatures.set(key, signature);
    return signature;
  }

  /** True iff `signer` has signed exactly this. */
  holds(signer: number, said: string, signature: Uint8Array): boolean {
    const entry = this.#signed[new DataView(signature.buffer, signature.byteOffset).getUint32(0)];
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

function bodyHash(body: object, symbols: Symbols): string {
  return symbols.hash(JSON.stringify(body, (_, value) => (value instanceof Uint8Array ? [...value] : value)));
}
