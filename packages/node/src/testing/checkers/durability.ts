import type { Block, Vote, VoteCertificate } from '../../consensus/messages.ts';
import type { ToSign, WalRecord } from '../../consensus/output.ts';
import { Violation } from './violation.ts';

/** Nothing is signed before the record that remembers it is synced, and nothing is told final without its certificate. */
export class DurabilityChecker {
  readonly #synced = new Set<string>();
  /** What of it something was signed upon. */
  readonly #needed = new Set<string>();
  /** The highest PREPARED certificate of each view that is synced, by replica. */
  readonly #prepared = new Map<string, VoteCertificate>();
  /** Blocks that anybody accepted. */
  readonly #blocks = new Map<string, Block>();
  /** Records synced since the log was written anew, and the last of them. */
  readonly #logs = new Map<number, { count: number; last: WalRecord | undefined }>();

  persisted(replica: number, record: WalRecord): void {
    for (const fact of factsOf(record)) this.#synced.add(`${replica} ${fact}`);
    if (record.type === 'accept') this.#blocks.set(record.block.hash, record.block);
    if (record.type === 'prepared') {
      const { epoch, view } = record.certificate;
      this.#prepared.set(`${replica} ${epoch} ${view}`, record.certificate);
    }
    this.#logs.set(replica, { count: (this.#logs.get(replica)?.count ?? 0) + 1, last: record });
  }

  /** The log was written anew, or given up with its replica's vote. */
  rewritten(replica: number, log: readonly WalRecord[]): void {
    this.#logs.set(replica, { count: log.length, last: log.at(-1) });
  }

  /** After a crash the log holds exactly what was synced. */
  started(replica: number, log: readonly WalRecord[]): void {
    const { count, last } = this.#logs.get(replica) ?? { count: 0, last: undefined };
    if (log.length !== count || log.at(-1) !== last)
      throw new Violation(
        'durability',
        `${replica}: ${count} records were synced, its log has ${log.length}`,
      );
  }

  signed(replica: number, what: ToSign, tip: { readonly view: number; readonly hash: string }): void {
    if (what.type === 'vote' && what.vote.kind === 'commit') {
      this.#commits(replica, what.vote);
      return;
    }
    for (const [fact, before] of needed(what, tip)) {
      this.#need(replica, fact, before);
      this.#needed.add(`${replica} ${fact}`);
    }
  }

  /** COMMIT goes upon a certificate of its view for the block itself, or for a descendant. */
  #commits(replica: number, { epoch, view, height, hash }: Vote): void {
    const certificate = this.#prepared.get(`${replica} ${epoch} ${view}`);
    let at = certificate?.hash;
    for (let above = (certificate?.height ?? height) - height; above > 0; above--)
      at = at === undefined ? undefined : this.#blocks.get(at)?.parent;
    if (certificate === undefined || certificate.height < height || at !== hash) {
      throw new Violation(
        'durability',
        `${replica}: COMMIT ${view}/${height} ${hash} before its certificate is on disk`,
      );
    }
    this.#needed.add(`${replica} ${preparedFact(certificate)}`);
  }

  /**
   * Whether a replica must find out that the last `count` records of its log are gone: it has signed something upon them.
   * Not a COMMIT of what the rest knows final, nor a cosignature: what was executed is cosigned again, within the same
   * second in the same words.
   */
  isSignedUpon(replica: number, log: readonly WalRecord[], count: number): boolean {
    const low = Math.max(0, ...log.slice(0, -count).map(record => finalIn(record)));
    return log.slice(-count).some(record => {
      if (record.type === 'cosign' || (record.type === 'prepared' && record.certificate.height <= low))
        return false;
      return factsOf(record).some(fact => this.#needed.has(`${replica} ${fact}`));
    });
  }

  executed(replica: number, height: number): void {
    this.#synced.add(`${replica} executed ${height}`);
  }

  /** A certified state came with its certificate. */
  adopted(replica: number, height: number): void {
    this.executed(replica, height);
    this.#synced.add(`${replica} checkpoint ${height}`);
  }

  /** Whether a replica has a certificate of this height on disk. */
  isFinal(replica: number, height: number): boolean {
    return this.#synced.has(`${replica} checkpoint ${height}`);
  }

  final(replica: number, height: number): void {
    this.#need(replica, `checkpoint ${height}`, 'final');
  }

  #need(replica: number, fact: string, before: string): void {
    if (!this.#synced.has(`${replica} ${fact}`)) {
      throw new Violation('durability', `${replica}: ${before} before "${fact}" is on disk`);
    }
  }
}

function needed(
  what: ToSign,
  tip: { readonly view: number; readonly hash: string },
): [fact: string, before: string][] {
  switch (what.type) {
    case 'vote': {
      const { epoch, view, height, hash } = what.vote;
      if (tip.view === view && tip.hash === hash)
        return [[`view ${epoch} ${view}`, `PREPARE of tip ${hash}`]];
      return [[`accept ${epoch} ${view} ${hash}`, `PREPARE ${view}/${height}`]];
    }
    case 'proposal':
      return [[`accept ${what.block.epoch} ${what.view} ${what.block.hash}`, 'PRE-PREPARE']];
    case 'view-change':
      return [[`asked ${what.body.epoch} ${what.body.newView}`, 'VIEW-CHANGE']];
    case 'new-view':
      return [[`new-view ${what.body.epoch} ${what.body.view}`, 'NEW-VIEW']];
    case 'cosignature':
      return [
        [`executed ${what.height}`, 'CHECKPOINT'],
        [`cosign ${what.height} ${what.time}`, 'CHECKPOINT'],
      ];
  }
}

function preparedFact({ epoch, view, height }: VoteCertificate): string {
  return `prepared ${epoch} ${view} ${height}`;
}

function finalIn(record: WalRecord): number {
  return record.type === 'checkpoint' ? record.certificate.height : 0;
}

function factsOf(record: WalRecord): string[] {
  switch (record.type) {
    case 'epoch':
      return [];
    case 'accept':
      return [`accept ${record.block.epoch} ${record.view} ${record.block.hash}`];
    case 'prepared':
      return [preparedFact(record.certificate)];
    case 'view-change':
      return [`asked ${record.body.epoch} ${record.body.newView}`];
    case 'new-view-sent':
      return [`new-view ${record.body.epoch} ${record.body.view}`];
    case 'new-view':
      return [`view ${record.message.epoch} ${record.message.view}`];
    case 'cosign':
      return [`cosign ${record.height} ${record.time}`];
    case 'checkpoint':
      return [`checkpoint ${record.certificate.height}`];
  }
}
