import type { Block, Message } from '../../consensus/messages.ts';
import type { Output, ToSign, WalRecord } from '../../consensus/output.ts';
import { BodyChecker } from '../checkers/bodies.ts';
import { CalmChecker } from '../checkers/calm.ts';
import { CertificateChecker } from '../checkers/certificates.ts';
import { ChainChecker } from '../checkers/chain.ts';
import { CommitChecker } from '../checkers/commits.ts';
import { DateChecker } from '../checkers/dates.ts';
import { DurabilityChecker } from '../checkers/durability.ts';
import { EpochChecker } from '../checkers/epochs.ts';
import { EvidenceChecker } from '../checkers/evidence.ts';
import { FinalityChecker } from '../checkers/finality.ts';
import { HeadsChecker } from '../checkers/heads.ts';
import { LineChecker } from '../checkers/lines.ts';
import { OnceChecker } from '../checkers/once.ts';
import { ProposalChecker } from '../checkers/proposals.ts';
import { ServiceChecker } from '../checkers/service.ts';
import { SignatureChecker } from '../checkers/signatures.ts';
import { StandingChecker } from '../checkers/standing.ts';
import { TimerChecker } from '../checkers/timers.ts';
import { Violation } from '../checkers/violation.ts';
import { isGovernance, sizeOf } from './batches.ts';
import type { Counts } from './counts.ts';
import { idOf, ownerOf } from './genesis.ts';
import { GENESIS } from './ledger.ts';
import type { Symbols } from './symbolic.ts';
import type { Seen, Watch } from './world.ts';

/** What the checkers must know of a run, none of it a fault but who is guilty. */
export interface Scene {
  readonly symbols: Symbols;
  /** Validators of the first set, and all members. */
  readonly n: number;
  readonly members: number;
  /** Bytes of the bodies of a block at most. */
  readonly maxBytes: number;
  /** Batches that clients sent. */
  readonly sent: ReadonlySet<string>;
  /** Members that may do anything, with their first keys. */
  readonly guilty: ReadonlySet<number>;
  readonly counts: Counts;
  /** Names of checkers that keep silent. */
  readonly deaf: ReadonlySet<string>;
  /** Ms that a batch may wait. */
  readonly patience: number;
  /** Honest replicas that always were whole. */
  sound(): readonly Seen[];
}

/** All checkers together, fed with what each honest replica does. None of them knows of the faults. */
export class Checkers implements Watch {
  readonly signatures = new SignatureChecker();
  readonly durability = new DurabilityChecker();
  readonly standing = new StandingChecker();
  readonly heads = new HeadsChecker();
  readonly lines = new LineChecker();
  readonly once = new OnceChecker();
  readonly proposals = new ProposalChecker();
  readonly bodies = new BodyChecker();
  readonly timers = new TimerChecker();
  readonly commits = new CommitChecker();
  readonly calm = new CalmChecker();
  readonly epochs: EpochChecker;
  readonly dates: DateChecker;
  readonly certificates: CertificateChecker;
  readonly chain: ChainChecker;
  readonly evidence: EvidenceChecker;
  readonly finality = new FinalityChecker();
  readonly service: ServiceChecker;
  /** Digest of everything that happened, so that two runs can be compared. */
  trace = 0;
  /** Called with each event, for whoever wants to read a run. */
  onEvent: ((event: string) => void) | null = null;
  /** Sees everything first. */
  observer: Partial<Watch> | null = null;
  /** Virtual time; the run sets it. */
  now: () => number = () => 0;
  /** The latest that a block may be dated now. */
  latestDate: () => number = () => Number.POSITIVE_INFINITY;
  readonly #scene: Scene;

  constructor(scene: Scene) {
    const { symbols, n, members, maxBytes, sent, guilty, patience } = scene;
    this.#scene = scene;
    this.epochs = new EpochChecker(n);
    const keysOf = (epoch: number) => this.epochs.keys(epoch);
    this.certificates = new CertificateChecker(symbols, keysOf);
    const isGuilty = (key: number): boolean => guilty.has(ownerOf(key));
    this.dates = new DateChecker(epoch => (keysOf(epoch) ?? []).filter(isGuilty).length);
    this.chain = new ChainChecker(members, GENESIS, sent, {
      governs: isGovernance,
      size: sizeOf,
      maxBytes,
      repeats: code => guilty.has(idOf(code)),
    });
    this.evidence = new EvidenceChecker(symbols, guilty, keysOf);
    this.service = new ServiceChecker(patience);
  }

  started(replica: Seen, lost: string | null): void {
    this.observer?.started?.(replica, lost);
    const { disk, id, key, state } = replica;
    this.note(`${id} starts`);
    this.#began(replica);
    const silenced = this.#silenced.has(key);
    if (silenced) this.durability.rewritten(id, disk.log);
    else if (this.#hears('durability')) this.durability.started(id, disk.log);
    if (lost !== null && !silenced)
      throw new Violation('amnesia', `${id} believes its memory lost, and it is whole: ${lost}`);
    if (silenced && state!.config.votes)
      throw new Violation('amnesia', `${id} votes on, and its memory was lost`);
    if (lost === null && this.#hears('finality')) this.finality.started(id, state!.low, storedOn(replica));
  }

  #began({ id, state }: Seen): void {
    this.proposals.began(id, state!);
    this.timers.began(id);
  }

  /** A replica that begins an epoch has the proof that the one before is over. */
  opened(replica: Seen): void {
    this.observer?.opened?.(replica);
    const { id, disk, state } = replica;
    const { epoch, base } = state!.config;
    this.note(`${id} opens epoch ${epoch}`);
    this.#began(replica);
    this.#scene.counts.epochs++;
    this.durability.rewritten(id, disk.log);
    if (!this.#hears('epochs')) return;
    const final = this.durability.isFinal(id, base.height);
    this.epochs.opened(id, epoch, base.height, final, disk.certificates.has(base.height));
  }

  /** Keys whose memory is lost. */
  readonly #silenced = new Set<number>();

  /** With the rule about lost memories out of sight, only those that really lost theirs are asked. */
  trusts({ key }: Seen): boolean {
    return !this.#hears('amnesia') && !this.#silenced.has(key);
  }

  /** A replica's disk was wiped, or its log damaged: it must find out, and never vote again with this key. */
  silenced(replica: Seen, wiped: boolean): void {
    this.#silenced.add(replica.key);
    this.finality.wiped(replica.id);
    this.standing.wiped(replica.id);
    if (wiped) this.chain.wiped(replica.id);
  }

  received({ id, state }: Seen, message: Message): void {
    this.dates.received(id, state!, message);
    if (this.#hears('evidence')) this.evidence.received(state!, message);
  }

  /** The settled message that is handled; null: none is. */
  #settled: string | null = null;

  settled({ id }: Seen, { type }: Message): void {
    if (this.#hears('settled'))
      this.#settled = `${id} is given a ${type} that is settled, and does something upon it`;
  }

  handled({ id, state }: Seen, _message: Message): void {
    this.#settled = null;
    if (this.#hears('evidence')) this.evidence.handled(id, state);
  }

  signed(replica: Seen, what: ToSign): void {
    this.observer?.signed?.(replica, what);
    this.note(`${replica.id} signs ${nameOf(what)}`);
    if (this.#silenced.has(replica.key)) throw new Violation('amnesia', `${replica.id} signs ${what.type}`);
    if (this.#hears('signatures')) this.signatures.signed(replica.key, what);
    if (this.#hears('epochs')) this.epochs.signed(replica.key, what);
    if (this.#hears('commits')) this.commits.signed(replica.key, replica.state!, what);
    this.calm.signed(replica.id, what);
    if (this.#hears('standing')) this.standing.signed(replica.id, replica.state!, what);
    const { view, tip } = replica.state!;
    if (this.#hears('durability')) this.durability.signed(replica.id, what, { view, hash: tip.hash });
    if (what.type === 'cosignature' && this.#hears('heads'))
      this.heads.cosigned(replica.id, what.height, what.text);
  }

  refused(replica: Seen, what: ToSign, reason: string): void {
    if (!this.#hears('guard')) return;
    throw new Violation('guard', `${replica.id} asked its signer for a conflicting ${what.type}: ${reason}`);
  }

  persisted(replica: Seen, record: WalRecord): void {
    this.observer?.persisted?.(replica, record);
    this.durability.persisted(replica.id, record);
    if (record.type === 'new-view') this.#countView(replica);
    if (record.type === 'accept') this.#accepted(replica, record.view, record.block);
    if (record.type === 'prepared') this.proposals.prepared(replica.id, record.certificate);
    if (!this.#hears('certificates')) return;
    if (record.type === 'prepared') this.certificates.vote(record.certificate);
    if (record.type === 'checkpoint') this.certificates.checkpoint(record.certificate);
    if (record.type === 'new-view') {
      for (const { high } of record.message.viewChanges) if (high !== null) this.certificates.vote(high);
    }
  }

  #accepted(replica: Seen, view: number, block: Block): void {
    const { id } = replica;
    const { executed, committed } = replica.state!;
    if (this.#hears('epochs')) this.epochs.accepted(id, block, isFree(replica, block));
    if (this.#hears('lines')) this.lines.accepted(id, view, block);
    if (this.#hears('time')) this.dates.accepted(id, replica.state!, view, block);
    if (this.#hears('proposals')) this.proposals.accepted(id, replica.state!, view, block);
    if (this.#hears('bodies')) this.bodies.accepted(id, block, executed.height, replica.disk.batches);
    if (this.#hears('once')) this.once.accepted(id, block, executed.height, committed.height);
  }

  /** A snapshot is certified, so that what it stands on is executed and final. */
  adopted({ id, disk }: Seen): void {
    const { height, hash } = disk.executed!.block;
    this.note(`${id} adopts the state of ${hash}`);
    this.chain.adopted(id, height, hash);
    this.durability.adopted(id, height);
  }

  rewritten({ id, disk }: Seen): void {
    this.durability.rewritten(id, disk.log);
  }

  #countView({ state }: Seen): void {
    const { counts } = this.#scene;
    counts.viewChanges++;
    if (state !== null && state.tip.height > state.committed.height) counts.carriedOver++;
  }

  delivered(replica: Seen, output: Output): void {
    this.observer?.delivered?.(replica, output);
    const { id } = replica;
    if (output.type === 'diverged') throw new Violation('divergence', `${id}: ${output.reason}`);
    if (output.type === 'evidence') {
      this.#scene.counts.accused++;
      this.note(`${id} accuses ${output.evidence.first.signer}`);
      if (this.#hears('evidence')) this.evidence.accused(id, output.evidence);
    }
    if (output.type === 'final') {
      const { epoch, height, hash } = output.certificate;
      if (this.#hears('durability')) this.durability.final(id, height);
      const set = new Set(this.epochs.keys(epoch)?.map(ownerOf));
      const sound = this.#scene.sound().filter(one => set.has(one.id));
      if (this.#hears('finality')) this.finality.told(id, height, hash, set.size, sound.map(storedOn));
    }
    if (output.type === 'send-handover') this.#scene.counts.handovers++;
    if (output.type !== 'send') return;
    if (this.#hears('evidence')) this.evidence.sent(output.to, output.message);
    if (this.#hears('certificates')) this.#sent(output.message);
  }

  #sent(message: Message): void {
    if (message.type === 'commit-certificate') this.certificates.vote(message.certificate);
    if (message.type === 'checkpoint-certificate') this.certificates.checkpoint(message.certificate);
  }

  ordered({ id, disk }: Seen, block: Block): void {
    if (this.#hears('bodies')) this.bodies.executed(id, block, disk.batches);
  }

  executed(replica: Seen, block: Block, result: { text: string; closes: boolean }): void {
    this.observer?.executed?.(replica, block, result);
    const { id } = replica;
    const { text, closes } = result;
    this.note(`${id} executes ${block.hash}`);
    const { height } = this.chain;
    this.chain.executed(id, block, text, this.#hears('time') ? this.latestDate() : undefined);
    if (this.chain.height > height) this.epochs.extended(block);
    if (this.#hears('epochs')) this.epochs.executed(id, block, closes);
    this.service.executed(block, this.now());
    this.durability.executed(id, block.height);
  }

  stepped(replica: Seen, outputs: number): void {
    this.observer?.stepped?.(replica, outputs);
    if (outputs > 0 && this.#settled !== null) throw new Violation('settled', this.#settled);
    const { state, id, disk } = replica;
    if (state === null) return;
    this.dates.stepped(id, state);
    this.proposals.stepped(id, state);
    if (this.#hears('timers')) this.timers.stepped(id, state);
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

/** Whether what a block stands on is executed here, or it is committed itself. */
function isFree({ state }: Seen, { height }: Block): boolean {
  return state!.executed.height >= height - 1 || state!.committed.height >= height;
}

function storedOn({ disk }: Seen): { hashAt(height: number): string | undefined } {
  return { hashAt: height => disk.hashAt(height) };
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
