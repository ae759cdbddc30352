/** A subject's standing as a record left it. */
export interface Value {
  /** Log index of its last record. */
  readonly head: number;
  /** Number of its records. */
  readonly version: number;
  readonly state: string;
}

interface Operation {
  readonly subject: string;
  /** Ms on the clock of the load, before the first request and after the last answer. */
  readonly invoked: number;
  readonly ended: number;
}

/** A submission of one record; it may have been sent several times, through several nodes. */
export interface Write extends Operation {
  readonly type: 'write';
  readonly digest: string;
  /** What was acknowledged as final, and by which node; null if nobody did: it may be on the ledger or not. */
  readonly acknowledged: {
    readonly seat: number;
    readonly disk: number;
    readonly height: number;
    readonly index: number;
    readonly proof: string;
  } | null;
}

/** A read of a subject's standing that was answered. */
export interface Read extends Operation {
  readonly type: 'read';
  readonly seat: number;
  /** Which disk the node answered from: another one after the disk lost something. */
  readonly disk: number;
  /** The height that the answer is as of. */
  readonly height: number;
  readonly value: Value;
}

/** A record as the ledger has it after all. */
export interface LedgerRecord {
  readonly index: number;
  readonly height: number;
  readonly submission: string;
  readonly subject: string;
  readonly digest: string;
  readonly version: number;
  readonly action: string;
  readonly subjectPrev: number | null;
}

/** The state that each action of the load leaves. */
export const STATES: Readonly<Record<string, string>> = {
  publish: 'in-force',
  amend: 'amended',
  repeal: 'repealed',
};
