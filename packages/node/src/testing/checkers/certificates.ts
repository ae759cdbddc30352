import type { CheckpointCertificate, VoteCertificate } from '../../consensus/messages.ts';
import { cosignatureSaying, type Symbols, voteSaying } from '../simulator/symbolic.ts';
import { Violation } from './violation.ts';

/**
 * Every certificate holds q different signers' signatures over exactly its kind, view, height and hash, and no two
 * certificates contradict each other. The quorum is computed here, from the definition, not by the protocol.
 */
export class CertificateChecker {
  readonly #symbols: Symbols;
  readonly #n: number;
  readonly #q: number;
  readonly #prepared = new Map<string, string>();
  readonly #decided = new Map<number, string>();
  readonly #texts = new Map<number, string>();
  readonly #seen = new WeakSet<object>();

  constructor(symbols: Symbols, n: number) {
    this.#symbols = symbols;
    this.#n = n;
    let q = 1;
    // The least q such that two quorums share more than (n-1)/3 signers.
    while (2 * q - n <= Math.floor((n - 1) / 3)) q++;
    this.#q = q;
  }

  vote(certificate: VoteCertificate): void {
    if (this.#seen.has(certificate)) return;
    this.#seen.add(certificate);
    const { kind, epoch, view, height, hash, signatures } = certificate;
    const said = voteSaying(kind, epoch, view, height, hash);
    this.#signers(said, signatures, () => said);
    if (kind === 'prepare') this.#agree(this.#prepared, `${view} ${height}`, hash, 'PREPARED');
    else this.#agree(this.#decided, height, hash, 'committed');
  }

  checkpoint(certificate: CheckpointCertificate): void {
    if (this.#seen.has(certificate)) return;
    this.#seen.add(certificate);
    const { height, hash, text, signatures } = certificate;
    this.#signers(text, signatures, ({ time }) => cosignatureSaying(text, time));
    this.#agree(this.#decided, height, hash, 'final');
    this.#agree(this.#texts, height, text, 'checkpoint');
  }

  /** The block that certificates decided at a height, if any did. */
  decidedAt(height: number): string | undefined {
    return this.#decided.get(height);
  }

  #signers<S extends { signer: number; signature: Uint8Array }>(
    what: string,
    signatures: readonly S[],
    said: (signature: S) => string,
  ): void {
    const signers = new Set<number>();
    for (const signature of signatures) {
      const { signer } = signature;
      if (signer < 0 || signer >= this.#n)
        throw new Violation('certificates', `signer ${signer} is not in the set: ${what}`);
      if (!this.#symbols.holds(signer, said(signature), signature.signature)) {
        throw new Violation('certificates', `${signer} never signed this: ${what}`);
      }
      signers.add(signer);
    }
    if (signers.size !== signatures.length)
      throw new Violation('certificates', `a signer stands twice: ${what}`);
    if (signers.size < this.#q)
      throw new Violation('certificates', `${signers.size} of ${this.#q} signers: ${what}`);
  }

  #agree<K>(decided: Map<K, string>, slot: K, value: string, what: string): void {
    const before = decided.get(slot);
    if (before !== undefined && before !== value) {
      throw new Violation('agreement', `two blocks ${what} at ${slot}: ${before} and ${value}`);
    }
    decided.set(slot, value);
  }
}
