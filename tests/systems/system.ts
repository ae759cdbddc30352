/** A text in both languages. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/**
 * One step of a script. `run` is a command as it is typed: `qifeng …`, `qifeng-node …` or `GET /v1/…`. `{name}` in it stands for what an earlier step found, such as the log
 * index of its record, `$NODE1` for the first node's address, `$QIFENG_HOME` for the network's home.
 */
export interface Step {
  /** What happens, one English sentence. */
  readonly say: string;
  readonly run: string;
  /** Exit code, or HTTP status of a `GET`; 0 or 200 unless given. */
  readonly ends?: number;
  /** What the output must hold. */
  readonly shows?: readonly string[];
  /** What it must not hold. */
  readonly hides?: readonly string[];
  /** Names for the records that the step made, in order. */
  readonly as?: readonly string[];
  /** Texts that later steps use, by name: what a pattern's group finds in the output; on the page, variables of the shell. */
  readonly finds?: Readonly<Record<string, string>>;
  /**
   * Whether the command is left running: of `qifeng-node` until a step `^C`, of `qifeng`, once it has said something, until a
   * step `wait`, which has its output.
   */
  readonly stays?: true;
  /** Whether it is asked again until it says what it should. */
  readonly until?: true;
  /** Whether the output is left out of the transcript. */
  readonly brief?: true;
  /** Members of the answer to a `GET` that are printed, as `standing.state`. */
  readonly pick?: readonly string[];
}

/** One of the sixteen systems that the ledger carries, as a script for a network of four nodes. */
export interface System {
  /** As its page, its sample data and its script are named: `06-bills`. */
  readonly name: string;
  readonly title: Bilingual;
  readonly profiles: readonly string[];
  readonly steps: readonly Step[];
}
