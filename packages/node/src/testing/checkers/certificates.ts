import type { CheckpointCertificate, VoteCertificate } from '../../consensus/messages.ts';
import { cosignatureSaying, type Symbols, voteSaying } from '../simulator/symbolic.ts';
import { Violation } from './violation.ts';

/**
 * Every certificate holds signatures of q different keys of the set of its epoch over exactly its kind, epoch, view, height
 * and hash, and no two certificates contradict each other, over all epochs. The quorum is computed here, from the
 * definition, not by the protocol.
 */
export class CertificateChecker {
  readonly #symbols: Symbols;
  readonly #keysOf: (epoch: number) => readonly number[] | null;
  readonly #prepared = new Map<string, string>();
  readonly #decided = new Map<number, string>();
  readonly #texts = new Map<number, string>();
  readonly #seen = new WeakSet<object>();

  /** `keysOf`: numbers of the keys of an epoch's set by position; null if there is no such epoch. */
  constructor(symbols: Symbols, keysOf: (epoch: number) => readonly number[] | null) {
    this.#symbols = symbols;
    this.#keysOf = keysOf;
  }

  vote(certificate: VoteCertificate): void {
    if (this.#seen.has(certificate)) return;
    this.#seen.add(certificate);
    const { kind, epoch, view, height, hash, signatures } = certificate;
    const said = voteSaying(kind, epoch, view, height, hash);
    this.#signers(epoch, said, signatures, () => said);
    if (kind === 'prepare') this.#agree(this.#prepared, `${epoch} ${view} ${height}`, hash, 'PREPARED');
    else this.#agree(this.#decided, height, hash, 'committed');
  }

  checkpoint(certificate: CheckpointCertificate): void {
    if (this.#seen.has(certificate)) return;
    this.#seen.add(certificate);
    const { epoch, height, hash, text, signatures } = certificate;
    this.#signers(epoch, text, signatures, ({ time }) => cosignatureSaying(text, time));
    this.#agree(this.#decided, height, hash, 'final');
    this.#agree(this.#texts, height, text, 'checkpoint');
  }

  /** The block that certificates decided at a height, if any did. */
  decidedAt(height: number): string | undefined {
    return this.#decided.get(height);
  }

  #signers<S extends { signer: number; signature: Uint8Array }>(
    epoch: number,
    what: string,
    signatures: readonly S[],
    said: (signature: S) => string,
  ): void {
    const keys = this.#keysOf(epoch);
    if (keys === null) throw new Violation('certificates', `nobody is of epoch ${epoch}: ${what}`);
    const signers = new Set<number>();
    for (const signature of signatures) {
      const { signer } = signature;
      const key = keys[signer];
      if (key === undefined)
        throw new Violation('certificates', `signer ${signer} is not in the set: ${what}`);
      if (!this.#symbols.holds(key, said(signature), signature.signature)) {
        throw new Violation('certificates', `${signer} never signed this: ${what}`);
      }
      signers.add(signer);
    }
    if (signers.size !== signatures.length)
      throw new Violation('certificates', `a signer stands twice: ${what}`);
    const q = quorumOf(keys.length);
    if (signers.size < q) throw new Violation('certificates', `${signers.size} of ${q} signers: ${what}`);
  }

  #agree<K>(decided: Map<K, string>, slot: K, value: string, what: string): void {
    const before = decided.get(slot);
    if (before !== undefined && before !== value) {
      throw new Violation('agreement', `two blocks ${what} at ${slot}: ${before} and ${value}`);
    }
    decided.set(slot, value);
  }
}

/** The least q such that two quorums share more than (n-1)/3 signers. */
function quorumOf(n: number): number {
  let q = 1;
  while (2 * q - n <= Math.floor((n - 1) / 3)) q++;
  return q;
}
