import { CliError, type Complaint, EXIT, type ExitCode, type Lang } from '@qifeng/core';
import { complaintTexts } from './complaint-texts.ts';

type Texts = ReturnType<typeof complaintTexts>;
/** The code of a complaint. */
export type ComplaintCode = keyof Texts;

/** Exit codes other than that of wrong usage. */
const EXITS: Partial<Record<ComplaintCode, ExitCode>> = {
  'other-key': EXIT.refuted,
  'bad-snapshot': EXIT.refuted,
  'bad-backup': EXIT.refuted,
  'store-unsound': EXIT.refuted,
  'cannot-repair': EXIT.refuted,
  'node-ended': EXIT.unreachable,
  'not-ready': EXIT.unreachable,
  'no-free-ports': EXIT.unreachable,
};

/** Ends a command with a code and what belongs to it. The language is chosen where it is said, not where it is found. */
export class CommandFault extends Error {
  readonly said: (lang: Lang) => CliError;

  constructor(code: string, said: (lang: Lang) => CliError) {
    super(code);
    this.said = said;
  }
}

/** The fault of a code with what its text names. */
export function fault<C extends ComplaintCode>(code: C, ...named: Parameters<Texts[C]>): CommandFault {
  return new CommandFault(code, lang => {
    const text = complaintTexts(lang)[code] as (...named: Parameters<Texts[C]>) => Complaint;
    return new CliError(EXITS[code] ?? EXIT.usage, code, text(...named));
  });
}
