import type {
  CheckpointCertificate,
  CheckpointVote,
  Evidence,
  Message,
  NewView,
  SignedVote,
  ViewChange,
  VoteCertificate,
  VoteKind,
} from '../../consensus/messages.ts';
import type { SimulatedLedger } from './ledger.ts';
import { cosignatureSaying, type Symbols, saying, voteSaying } from './symbolic.ts';

/**
 * What a host does to a message before it becomes an input: every signature, nested ones too, every position and every
 * kind. Written from docs/PROTOCOL.md, apart from both the protocol's checks and the node's own verifier.
 */
export class SymbolicVerifier {
  readonly #symbols: Symbols;
  readonly #ledger: Pick<SimulatedLedger, 'says'>;
  readonly #n: number;
  readonly #q: number;
  readonly #sound = new WeakSet<object>();

  constructor(symbols: Symbols, ledger: Pick<SimulatedLedger, 'says'>, n: number, q: number) {
    this.#symbols = symbols;
    this.#ledger = ledger;
    this.#n = n;
    this.#q = q;
  }

  /** True iff everything in the message is as its signers made it. What is not signed counts for nothing anyway. */
  verify(message: Message): boolean {
    if (message.type === 'status' || message.type === 'header-request' || message.type === 'headers')
      return true;
    return this.#once(message, () => this.#signed(message));
  }

  #signed(message: Exclude<Message, { type: 'status' | 'headers' | 'header-request' }>): boolean {
    switch (message.type) {
      case 'proposal': {
        const { view, block, signer, signature } = message.proposal;
        const { hash, ...draft } = block;
        return (
          this.#symbols.hashBlock(draft) === hash &&
          this.#holds(signer, voteSaying('prepare', block.epoch, view, block.height, hash), signature)
        );
      }
      case 'vote':
        return this.#vote(message.vote);
      case 'view-change':
        return this.#viewChange(message.viewChange);
      case 'new-view':
        return this.#newView(message.newView);
      case 'checkpoint-vote':
        return this.#cosignature(message.vote);
      case 'commit-certificate':
        return this.#certificate(message.certificate, 'commit');
      case 'checkpoint-certificate':
        return this.#checkpoint(message.certificate);
      case 'evidence':
        return this.#evidence(message.evidence);
    }
  }

  #once(thing: object, check: () => boolean): boolean {
    if (this.#sound.has(thing)) return true;
    if (!check()) return false;
    this.#sound.add(thing);
    return true;
  }

  #holds(signer: number, said: string, signature: Uint8Array): boolean {
    return (
      Number.isInteger(signer) &&
      signer >= 0 &&
      signer < this.#n &&
      this.#symbols.holds(signer, said, signature)
    );
  }

  /** q or more signers, each once and in order. */
  #signers(signatures: readonly { signer: number }[]): boolean {
    return (
      signatures.length >= this.#q &&
      signatures.every(({ signer }, i) => i === 0 || signatures[i - 1]!.signer < signer)
    );
  }

  #vote({ kind, epoch, view, height, hash, signer, signature }: SignedVote): boolean {
    return this.#holds(signer, voteSaying(kind, epoch, view, height, hash), signature);
  }

  #certificate(certificate: VoteCertificate, expected: VoteKind): boolean {
    const { kind, epoch, view, height, hash, signatures } = certificate;
    if (kind !== expected || !this.#signers(signatures)) return false;
    return this.#once(certificate, () => {
      const said = voteSaying(kind, epoch, view, height, hash);
      return signatures.every(({ signer, signature }) => this.#holds(signer, said, signature));
    });
  }

  #cosignature({ height, hash, text, signer, time, signature }: CheckpointVote): boolean {
    return (
      this.#ledger.says(text, height, hash) && this.#holds(signer, cosignatureSaying(text, time), signature)
    );
  }

  #checkpoint(certificate: CheckpointCertificate): boolean {
    const { height, hash, text, signatures } = certificate;
    if (!this.#ledger.says(text, height, hash) || !this.#signers(signatures)) return false;
    return this.#once(certificate, () =>
      signatures.every(({ signer, time, signature }) =>
        this.#holds(signer, cosignatureSaying(text, time), signature),
      ),
    );
  }

  #viewChange(change: ViewChange): boolean {
    return this.#once(change, () => {
      const { signer, signature, ...body } = change;
      const { high, checkpoint, epoch, newView } = body;
      if (high !== null && (high.view >= newView || high.epoch !== epoch)) return false;
      return (
        this.#holds(signer, saying({ type: 'view-change', body }, this.#symbols), signature) &&
        (high === null || this.#certificate(high, 'prepare')) &&
        (checkpoint === null || this.#checkpoint(checkpoint))
      );
    });
  }

  #newView(message: NewView): boolean {
    const { signer, signature, ...body } = message;
    return (
      this.#signers(body.viewChanges) &&
      this.#holds(signer, saying({ type: 'new-view', body }, this.#symbols), signature) &&
      body.viewChanges.every(change => change.newView === body.view && this.#viewChange(change))
    );
  }

  #evidence(evidence: Evidence): boolean {
    return evidence.type === 'votes'
      ? this.#vote(evidence.first) && this.#vote(evidence.second)
      : this.#cosignature(evidence.first) && this.#cosignature(evidence.second);
  }
}
