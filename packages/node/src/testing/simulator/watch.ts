import type { Block, Message } from '../../consensus/messages.ts';
import type { Output, ToSign, WalRecord } from '../../consensus/output.ts';
import { CertificateChecker } from '../checkers/certificates.ts';
import { ChainChecker } from '../checkers/chain.ts';
import { DurabilityChecker } from '../checkers/durability.ts';
import { EvidenceChecker } from '../checkers/evidence.ts';
import { FinalityChecker } from '../checkers/finality.ts';
import { HeadsChecker } from '../checkers/heads.ts';
import { ServiceChecker } from '../checkers/service.ts';
import { SignatureChecker } from '../checkers/signatures.ts';
import { StandingChecker } from '../checkers/standing.ts';
import { Violation } from '../checkers/violation.ts';
import type { Counts } from './counts.ts';
import { isGovernance, type Replica, type Watch } from './replica.ts';
import type { Symbols } from './symbolic.ts';
import { latestDate } from './wall-clocks.ts';

/** What the checkers must know of a run, none of it a fault but who is guilty. */
export interface Scene {
  readonly symbols: Symbols;
  readonly n: number;
  readonly genesis: string;
  /** Batches that clients sent. */
  readonly sent: ReadonlySet<string>;
  readonly guilty: ReadonlySet<number>;
  readonly counts: Counts;
  /** Names of checkers that keep silent. */
  readonly deaf: ReadonlySet<string>;
  /** Ms that a batch may wait. */
  readonly patience: number;
  /** Honest replicas that still are whole. */
  sound(): readonly Replica[];
}

/** All checkers together, fed with what each honest replica does. None of them knows of the faults. */
export class Checkers implements Watch {
  readonly signatures = new SignatureChecker();
  readonly durability = new DurabilityChecker();
  readonly standing = new StandingChecker();
  readonly heads = new HeadsChecker();
  readonly certificates: CertificateChecker;
  readonly chain: ChainChecker;
  readonly evidence: EvidenceChecker;
  readonly finality: FinalityChecker;
  readonly service: ServiceChecker;
  /** Digest of everything that happened, so that two runs can be compared. */
  trace = 0;
  /** Called with each event, for whoever wants to read a run. */
  onEvent: ((event: string) => void) | null = null;
  /** Virtual time; the run sets it. */
  now: () => number = () => 0;
  readonly #scene: Scene;

  constructor(scene: Scene) {
    const { symbols, n, genesis, sent, guilty, patience } = scene;
    this.#scene = scene;
    this.certificates = new CertificateChecker(symbols, n);
    this.chain = new ChainChecker(n, genesis, sent, isGovernance);
    this.evidence = new EvidenceChecker(symbols, guilty);
    this.finality = new FinalityChecker(n);
    this.service = new ServiceChecker(patience);
  }

  started(replica: Replica, lost: string | null): void {
    const { disk, id, state } = replica;
    this.note(`${id} starts`);
    const silenced = this.#silenced.has(id);
    if (!silenced && this.#hears('durability')) this.durability.started(id, disk.log);
    if (lost !== null) {
      if (!silenced)
        throw new Violation('amnesia', `${id} believes its memory lost, and it is whole: ${lost}`);
      this.durability.rewritten(id, disk.log);
      return;
    }
    if (silenced) throw new Violation('amnesia', `${id} votes on, and its memory was lost`);
    if (this.#hears('finality')) this.finality.started(id, state!.low, storedOn(replica));
  }

  readonly #silenced = new Set<number>();

  /** With the rule about lost memories out of sight, only those that really lost theirs are asked. */
  trusts({ id }: Replica): boolean {
    return !this.#hears('amnesia') && !this.#silenced.has(id);
  }

  /** A replica's disk was wiped, or its log damaged: it must find out, and never vote again. */
  silenced(replica: Replica, wiped: boolean): void {
    this.#silenced.add(replica.id);
    this.finality.wiped(replica.id);
    this.standing.wiped(replica.id);
    if (wiped) this.chain.wiped(replica.id);
  }

  received({ state }: Replica, message: Message): void {
    if (this.#hears('evidence')) this.evidence.received(state!, message);
  }

  handled({ id, state }: Replica, _message: Message): void {
    if (this.#hears('evidence')) this.evidence.handled(id, state);
  }

  signed(replica: Replica, what: ToSign): void {
    this.note(`${replica.id} signs ${nameOf(what)}`);
    if (this.#silenced.has(replica.id)) throw new Violation('amnesia', `${replica.id} signs ${what.type}`);
    if (this.#hears('signatures')) this.signatures.signed(replica.id, what);
    const { view, tip } = replica.state!;
    if (this.#hears('durability')) this.durability.signed(replica.id, what, { view, hash: tip.hash });
    if (what.type === 'cosignature' && this.#hears('heads'))
      this.heads.cosigned(replica.id, what.height, what.text);
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

  rewritten({ id, disk }: Replica): void {
    this.durability.rewritten(id, disk.log);
  }

  #countView({ state }: Replica): void {
    const { counts } = this.#scene;
    counts.viewChanges++;
    if (state !== null && state.tip.height > state.committed.height) counts.carriedOver++;
  }

  delivered(replica: Replica, output: Output): void {
    const { id } = replica;
    if (output.type === 'diverged') throw new Violation('divergence', `${id}: ${output.reason}`);
    if (output.type === 'evidence') {
      this.#scene.counts.accused++;
      this.note(`${id} accuses ${output.evidence.first.signer}`);
      if (this.#hears('evidence')) this.evidence.accused(id, output.evidence);
    }
    if (output.type === 'final') {
      const { height, hash } = output.certificate;
      if (this.#hears('durability')) this.durability.final(id, height);
      const sound = this.#scene.sound();
      if (this.#hears('finality'))
        this.finality.told(id, height, hash, this.#scene.n - sound.length, sound.map(storedOn));
    }
    if (output.type === 'send' && this.#hears('certificates')) this.#sent(output.message);
  }

  #sent(message: Message): void {
    if (message.type === 'commit-certificate') this.certificates.vote(message.certificate);
    if (message.type === 'checkpoint-certificate') this.certificates.checkpoint(message.certificate);
  }

  executed(replica: Replica, block: Block, text: string): void {
    this.note(`${replica.id} executes ${block.hash}`);
    this.chain.executed(replica.id, block, text, this.#hears('time') ? latestDate(this.now()) : undefined);
    this.service.executed(block, this.now());
    this.durability.executed(replica.id, block.height);
  }

  stepped(replica: Replica, outputs: number): void {
    const { state, id, disk } = replica;
    if (state === null) return;
    if (state.commitCertificate !== null && this.#hears('certificates'))
      this.certificates.vote(state.commitCertificate);
    if (this.#hears('standing'))
      this.standing.stepped(id, state, this.#scene.sent.size - disk.executedBatches.size, outputs);
  }

  #hears(checker: string): boolean {
    return !this.#scene.deaf.has(checker);
  }

  note(event: string): void {
    let { trace } = this;
    for (let i = 0; i < event.length; i++) trace = (Math.imul(trace, 31) + event.charCodeAt(i)) | 0;
    this.trace = trace;
    this.onEvent?.(event);
  }
}

function storedOn({ disk }: Replica): { hashAt(height: number): string | undefined } {
  return { hashAt: height => disk.blocks.get(height)?.block.hash };
}

function nameOf(what: ToSign): string {
  switch (what.type) {
    case 'vote':
      return `${what.vote.kind} ${what.vote.view}/${what.vote.height} ${what.vote.hash}`;
    case 'proposal':
      return `proposal ${what.view}/${what.block.height} ${what.block.hash}`;
    case 'view-change':
      return `view-change ${what.body.newView}`;
    case 'new-view':
      return `new-view ${what.body.view}`;
    case 'cosignature':
      return `checkpoint ${what.height} ${what.time}`;
  }
}
