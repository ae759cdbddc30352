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
  readonly #keysOf: (epoch: number) => readonly number[] | null;
  readonly #sound = new WeakSet<object>();

  /** `keysOf`: the numbers of the keys of an epoch's set, by position; null if there is no such set. */
  constructor(
    symbols: Symbols,
    ledger: Pick<SimulatedLedger, 'says'>,
    keysOf: (epoch: number) => readonly number[] | null,
  ) {
    this.#symbols = symbols;
    this.#ledger = ledger;
    this.#keysOf = keysOf;
  }

  /**
   * True iff everything in the message is as its signers made it, who are of the set of the epoch that it names. Any epoch
   * will do, of nested parts too: a node refuses other epochs than its own, here the protocol alone has to tell them apart.
   * What is not signed counts for nothing anyway. Nor are the signers of a certificate that stands alone counted here: a node
   * does so before its protocol does, which alone has to refuse one of too few, or with one twice.
   */
  verify(message: Message): boolean {
    if (!isSigned(message)) return true;
    return this.#once(message, () => this.#signed(message));
  }

  #signed(message: SignedMessage): boolean {
    switch (message.type) {
      case 'proposal': {
        const { view, block, signer, signature } = message.proposal;
        const { hash, ...draft } = block;
        return (
          this.#symbols.hashBlock(draft) === hash &&
          this.#holds(
            block.epoch,
            signer,
            voteSaying('prepare', block.epoch, view, block.height, hash),
            signature,
          )
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
        return this.#votes(message.certificate, 'commit');
      case 'checkpoint-certificate':
        return this.#cosignatures(message.certificate);
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

  #holds(epoch: number, signer: number, said: string, signature: Uint8Array): boolean {
    const key = this.#keysOf(epoch)?.[signer];
    return key !== undefined && this.#symbols.holds(key, said, signature);
  }

  /** q or more signers, each once and in order. */
  #signers(epoch: number, signatures: readonly { signer: number }[]): boolean {
    const n = this.#keysOf(epoch)?.length ?? 0;
    const q = Math.floor((n + Math.floor((n - 1) / 3)) / 2) + 1;
    return (
      n > 0 &&
      signatures.length >= q &&
      signatures.every(({ signer }, i) => i === 0 || signatures[i - 1]!.signer < signer)
    );
  }

  #vote({ kind, epoch, view, height, hash, signer, signature }: SignedVote): boolean {
    return this.#holds(epoch, signer, voteSaying(kind, epoch, view, height, hash), signature);
  }

  /** Everything in a certificate of votes but how many signed. */
  #votes(certificate: VoteCertificate, expected: VoteKind): boolean {
    const { kind, epoch, view, height, hash, signatures } = certificate;
    if (kind !== expected || !inOrder(signatures)) return false;
    return this.#once(certificate, () => {
      const said = voteSaying(kind, epoch, view, height, hash);
      return signatures.every(({ signer, signature }) => this.#holds(epoch, signer, said, signature));
    });
  }

  #certificate(certificate: VoteCertificate, expected: VoteKind): boolean {
    return this.#signers(certificate.epoch, certificate.signatures) && this.#votes(certificate, expected);
  }

  #cosignature({ epoch, height, hash, text, signer, time, signature }: CheckpointVote): boolean {
    return (
      this.#ledger.says(text, height, hash, epoch) &&
      this.#holds(epoch, signer, cosignatureSaying(text, time), signature)
    );
  }

  /** Everything in a checkpoint certificate but how many signed. */
  #cosignatures(certificate: CheckpointCertificate): boolean {
    const { epoch, height, hash, text, signatures } = certificate;
    if (!this.#ledger.says(text, height, hash, epoch) || !inOrder(signatures)) return false;
    return this.#once(certificate, () =>
      signatures.every(({ signer, time, signature }) =>
        this.#holds(epoch, signer, cosignatureSaying(text, time), signature),
      ),
    );
  }

  #checkpoint(certificate: CheckpointCertificate): boolean {
    return this.#signers(certificate.epoch, certificate.signatures) && this.#cosignatures(certificate);
  }

  #viewChange(change: ViewChange): boolean {
    return this.#once(change, () => {
      const { signer, signature, ...body } = change;
      const { high, checkpoint, epoch, newView } = body;
      if (high !== null && high.view >= newView) return false;
      return (
        this.#holds(epoch, signer, saying({ type: 'view-change', body }, this.#symbols), signature) &&
        (high === null || this.#certificate(high, 'prepare')) &&
        (checkpoint === null || this.#checkpoint(checkpoint))
      );
    });
  }

  #newView(message: NewView): boolean {
    const { signer, signature, ...body } = message;
    return (
      this.#signers(body.epoch, body.viewChanges) &&
      this.#holds(body.epoch, signer, saying({ type: 'new-view', body }, this.#symbols), signature) &&
      body.viewChanges.every(change => change.newView === body.view && this.#viewChange(change))
    );
  }

  #evidence(evidence: Evidence): boolean {
    return evidence.type === 'votes'
      ? this.#vote(evidence.first) && this.#vote(evidence.second)
      : this.#cosignature(evidence.first) && this.#cosignature(evidence.second);
  }
}

type SignedMessage = Exclude<Message, { type: 'status' | 'headers' | 'header-request' }>;

function isSigned(message: Message): message is SignedMessage {
  return message.type !== 'status' && message.type !== 'header-request' && message.type !== 'headers';
}

function inOrder(signatures: readonly { signer: number }[]): boolean {
  return signatures.every(({ signer }, i) => i === 0 || signatures[i - 1]!.signer <= signer);
}
