/** Ms that a member has for its answer. */
const PATIENCE = 1_000;
/** Members that are asked for one line, one after the other. */
const MOST_ASKED = 6;
/** Lines that are asked for at a time: what is above that is not asked for, and whoever wants it comes again. */
const MOST_UNDER_WAY = 64;
/** Failures of one member that are counted. */
const MOST_FAILURES = 16;

/** What a fetcher asks and tells. */
export interface LogLineHost {
  /** Members that are connected and have a log key by which the checkpoint of a height may be signed. */
  able(height: number): readonly string[];
  request(member: string, height: number): void;
  /** Whether this is the member's signature of the checkpoint of that height. */
  isSigned(member: string, height: number, signature: Uint8Array): boolean;
  /** Stores what is verified. */
  keep(member: string, height: number, signature: Uint8Array): Promise<void>;
  /** A member gave a signature that is none. */
  lied(member: string, height: number): void;
  /** Runs `task` after so many ms; gives the way to prevent it. */
  later(task: () => void, ms: number): () => void;
}

/** Who is asked now for the line of a height, and where its answer goes; null: it has none, or did not answer. */
interface Asked {
  readonly member: string;
  readonly answer: (signature: Uint8Array | null) => void;
}

/**
 * Asks members for their log signatures of checkpoints: for each height one after the other, those first that failed least.
 * What comes from anybody else, or for anything else, is not looked at, so that there is no more to verify than was asked.
 */
export class LogLineFetcher {
  readonly #host: LogLineHost;
  readonly #underWay = new Map<number, Promise<boolean>>();
  readonly #asked = new Map<number, Asked>();
  /** Silence and wrong signatures since the last right one, by member. */
  readonly #failures = new Map<string, number>();
  #turn = 0;
  #stopped = false;

  constructor(host: LogLineHost) {
    this.#host = host;
  }

  /** Resolves when a line of this height is kept; false: nobody gave one in time, or too many are asked for. */
  fetch(height: number): Promise<boolean> {
    const known = this.#underWay.get(height);
    if (known !== undefined) return known;
    if (this.#stopped || this.#underWay.size >= MOST_UNDER_WAY) return Promise.resolve(false);
    const fetched = this.#fetch(height).finally(() => this.#underWay.delete(height));
    this.#underWay.set(height, fetched);
    return fetched;
  }

  /** A member's answer; null: it has no such signature. */
  received(member: string, height: number, signature: Uint8Array | null): void {
    const asked = this.#asked.get(height);
    if (asked?.member === member) asked.answer(signature);
  }

  /** Ends it: whoever waits has nothing. */
  stop(): void {
    this.#stopped = true;
    for (const { answer } of [...this.#asked.values()]) answer(null);
  }

  async #fetch(height: number): Promise<boolean> {
    for (const member of this.#inTurn(height)) {
      const signature = await this.#ask(member, height);
      if (this.#stopped) return false;
      if (signature === null) continue;
      if (this.#host.isSigned(member, height, signature)) {
        this.#failures.delete(member);
        await this.#host.keep(member, height, signature);
        return true;
      }
      this.#failed(member);
      this.#host.lied(member, height);
    }
    return false;
  }

  #ask(member: string, height: number): Promise<Uint8Array | null> {
    return new Promise(resolve => {
      const answer = (signature: Uint8Array | null): void => {
        prevent();
        this.#asked.delete(height);
        resolve(signature);
      };
      const prevent = this.#host.later(() => {
        this.#failed(member);
        answer(null);
      }, PATIENCE);
      this.#asked.set(height, { member, answer });
      this.#host.request(member, height);
    });
  }

  #inTurn(height: number): readonly string[] {
    const able = this.#host.able(height);
    const first = able.length === 0 ? 0 : this.#turn++ % able.length;
    const failures = (member: string): number => this.#failures.get(member) ?? 0;
    return [...able.slice(first), ...able.slice(0, first)]
      .sort((a, b) => failures(a) - failures(b))
      .slice(0, MOST_ASKED);
  }

  #failed(member: string): void {
    this.#failures.set(member, Math.min(MOST_FAILURES, (this.#failures.get(member) ?? 0) + 1));
  }
}
