import { nativeSuite } from '@qifeng/core/native';
import type { Names } from '../../../register/register.ts';
import type { Item } from '../../../stamp/item.ts';
import { Journal } from '../../../stamp/journal.ts';
import type { Replay } from '../../../stamp/journal-lines.ts';
import type { Reported } from '../../../stamp/outcome.ts';
import { resume } from '../../../stamp/resume.ts';
import { type Session, sendItems } from '../../../stamp/session.ts';
import type { Context } from '../../context.ts';
import { fileError } from '../../files.ts';
import { journalFile } from '../../home.ts';
import type { PublisherKey } from '../../keys.ts';
import { requireNodes } from '../../nodes.ts';
import { Progress } from '../../progress.ts';
import { stampMessages } from './messages.ts';
import { detailText, printOutcome } from './print.ts';

/** What `stamp` and `act` both work with: a session, what an earlier run left, and what was reported so far. */
export class Work {
  readonly session: Session;
  readonly progress: Progress;
  readonly reported: Reported[] = [];
  readonly #last = new Map<string, Reported>();
  #lines: ReadonlyMap<string, number> = new Map();
  readonly #names: Names;
  readonly #replay: Replay;
  readonly #context: Context;
  readonly #journal: Journal;

  private constructor(session: Omit<Session, 'report'>, replay: Replay, names: Names, context: Context) {
    this.progress = new Progress(context);
    this.session = { ...session, report: reported => this.report(reported) };
    this.#replay = replay;
    this.#names = names;
    this.#context = context;
    this.#journal = session.journal;
  }

  /** Opens the home's journal. Complains if it cannot be read or no node is known. */
  static async begin(names: Names, key: PublisherKey, patienceMs: number, context: Context): Promise<Work> {
    const client = await requireNodes(context);
    const path = journalFile(context.home);
    const opened = await Journal.open(path, nativeSuite.hasher).catch((error: unknown) => {
      throw fileError(error, path, context);
    });
    const { journal, replay } = opened;
    const { signer, publisher } = key;
    const { signal, io, lang } = context;
    const { chain } = names;
    if (replay.unreadable > 0) io.stderr(`${stampMessages(lang).damagedJournal(replay.unreadable, path)}\n`);
    const session = { client, chain, suite: nativeSuite, signer, publisher, journal, patienceMs, signal };
    return new Work(session, replay, names, context);
  }

  /** Brings what an earlier run left open to its end. */
  async resume(): Promise<void> {
    await resume(this.#replay.open, this.session);
  }

  /** Signs and sends; each target is reported as its outcome is known. */
  async send(items: readonly Item[]): Promise<void> {
    if (items.length > 0) await sendItems(items, this.session);
  }

  report(reported: Reported): void {
    this.reported.push(reported);
    this.#last.set(reported.target.receipt, reported);
    this.progress.advance(() => {
      if (!this.#context.json)
        printOutcome(reported, this.lineOf(reported), this.detailOf(reported), this.#context);
    });
  }

  /** Says on which line of a table what a receipt is for stands. */
  nameLines(lines: ReadonlyMap<string, number>): void {
    this.#lines = lines;
  }

  /** The line of a table that something is from, null for none. */
  lineOf({ target }: Pick<Reported, 'target'>): number | null {
    return this.#lines.get(target.receipt) ?? null;
  }

  /** Why something is not recorded, in the person's language; null for what is. */
  detailOf(reported: Reported): string | null {
    return detailText(reported, this.#names, this.#context.lang);
  }

  /** What was reported for the same receipt: only one that says the last word on it counts. */
  outcomeOf(receipt: string): Reported | undefined {
    return this.#last.get(receipt);
  }

  async end(): Promise<void> {
    this.progress.stop();
    await this.#journal.close();
  }
}
