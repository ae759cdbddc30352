import type { Block, Message } from '../../consensus/messages.ts';
import type { Output, ToSign, WalRecord } from '../../consensus/output.ts';
import { CertificateChecker } from '../checkers/certificates.ts';
import { ChainChecker } from '../checkers/chain.ts';
import { DurabilityChecker } from '../checkers/durability.ts';
import { SignatureChecker } from '../checkers/signatures.ts';
import { StandingChecker } from '../checkers/standing.ts';
import { Violation } from '../checkers/violation.ts';
import type { Counts } from './faults.ts';
import type { Replica, Watch } from './replica.ts';
import type { Symbols } from './symbolic.ts';

/** All checkers together, fed with what each replica does. None of them knows of the faults. */
export class Checkers implements Watch {
  readonly signatures = new SignatureChecker();
  readonly durability = new DurabilityChecker();
  readonly standing = new StandingChecker();
  readonly certificates: CertificateChecker;
  readonly chain: ChainChecker;
  readonly #counts: Counts;
  /** Digest of everything that happened, so that two runs can be compared. */
  trace = 0;

  readonly #deaf: ReadonlySet<string>;

  constructor(
    symbols: Symbols,
    n: number,
    genesis: string,
    sent: ReadonlySet<string>,
    counts: Counts,
    deaf: ReadonlySet<string>,
  ) {
    this.#deaf = deaf;
    this.certificates = new CertificateChecker(symbols, n);
    this.chain = new ChainChecker(n, genesis, sent);
    this.#counts = counts;
  }

  signed(replica: Replica, what: ToSign): void {
    this.note(`${replica.id} signs ${what.type}`);
    if (this.#hears('signatures')) this.signatures.signed(replica.id, what);
    const { view, tip } = replica.state!;
    if (this.#hears('durability')) this.durability.signed(replica.id, what, { view, hash: tip.hash });
  }

  refused(replica: Replica, what: ToSign, reason: string): void {
    if (!this.#hears('guard')) return;
    throw new Violation('guard', `${replica.id} asked its signer for a conflicting ${what.type}: ${reason}`);
  }

  persisted(replica: Replica, record: WalRecord): void {
    this.durability.persisted(replica.id, record);
    if (record.type === 'new-view') this.#countView(replica);
    if (!this.#hears('certificates')) return;
    if (record.type === 'prepared') this.certificates.vote(record.certificate);
    if (record.type === 'checkpoint') this.certificates.checkpoint(record.certificate);
    if (record.type === 'new-view') {
      for (const { high } of record.message.viewChanges) if (high !== null) this.certificates.vote(high);
    }
  }

  #countView({ state }: Replica): void {
    this.#counts.viewChanges++;
    if (state !== null && state.tip.height > state.committed.height) this.#counts.carriedOver++;
  }

  delivered(replica: Replica, output: Output): void {
    if (output.type === 'diverged') throw new Violation('divergence', `${replica.id}: ${output.reason}`);
    if (output.type === 'final' && this.#hears('durability'))
      this.durability.final(replica.id, output.certificate.height);
    if (output.type === 'send' && this.#hears('certificates')) this.#sent(output.message);
  }

  #sent(message: Message): void {
    if (message.type === 'commit-certificate') this.certificates.vote(message.certificate);
    if (message.type === 'checkpoint-certificate') this.certificates.checkpoint(message.certificate);
  }

  executed(replica: Replica, block: Block, text: string): void {
    this.note(`${replica.id} executes ${block.hash}`);
    this.chain.executed(replica.id, block, text);
    this.durability.executed(replica.id, block.height);
  }

  stepped(replica: Replica): void {
    const { state } = replica;
    if (state === null) return;
    if (state.commitCertificate !== null && this.#hears('certificates'))
      this.certificates.vote(state.commitCertificate);
    this.standing.stepped(replica.id, state);
  }

  #hears(checker: string): boolean {
    return !this.#deaf.has(checker);
  }

  note(event: string): void {
    for (let i = 0; i < event.length; i++) this.trace = (Math.imul(this.trace, 31) + event.charCodeAt(i)) | 0;
  }
}
