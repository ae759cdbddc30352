/** What the exit codes of the commands mean; scripts rely on them. 70 is `EX_SOFTWARE` of BSD sysexits: our own mistake. */
export const EXIT = {
  done: 0,
  refuted: 1,
  usage: 2,
  unreachable: 3,
  refused: 4,
  broken: 70,
  interrupted: 130,
} as const;
/** An exit code. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error as a person reads it, each part a sentence in their language; `why` is null where `what` says it all. */
export interface Complaint {
  readonly what: string;
  readonly why: string | null;
  readonly next: string;
}

/** An error that ends a command, or one file's part in it: exit code, stable kebab-case code, and what to read. */
export class CliError extends Error {
  readonly exit: ExitCode;
  readonly code: string;
  readonly complaint: Complaint;

  constructor(exit: ExitCode, code: string, complaint: Complaint) {
    super(complaint.what);
    this.name = 'CliError';
    this.exit = exit;
    this.code = code;
    this.complaint = complaint;
  }
}

/** A complaint about how the command was called, which says it all in one sentence. */
export function usageFault(code: string, what: string, next: string): CliError {
  return new CliError(EXIT.usage, code, { what, why: null, next });
}
