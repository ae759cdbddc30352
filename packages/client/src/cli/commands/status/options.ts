import { maxAgeOf } from '../../age.ts';
import { addExamples, type Host } from '../../host.ts';
import { status } from './handler.ts';
import { statusMessages } from './messages.ts';

/** Arguments of `status` as they were typed. */
interface StatusFlags {
  readonly genesis?: string;
  readonly statusProof?: string;
  readonly maxAge?: string;
  readonly inForce?: true;
  readonly save?: true;
}

/** Adds `qifeng status` to the program. */
export function addStatus({ program, lang, run }: Host): void {
  const words = statusMessages(lang);
  const command = program
    .command('status')
    .summary(words.summary)
    .description(words.description)
    .argument('<x>', words.x)
    .option('--genesis <file>', words.genesis)
    .option('--status-proof <file>', words.statusProof)
    .option('--max-age <duration>', words.maxAge)
    .option('--in-force', words.inForce)
    .option('--save', words.save)
    .action((x: string, flags: StatusFlags) =>
      run(context =>
        status(
          {
            x,
            genesis: flags.genesis,
            statusProof: flags.statusProof,
            maxAgeMs: maxAgeOf(flags.maxAge, context.lang),
            inForce: flags.inForce === true,
            save: flags.save === true,
          },
          context,
        ),
      ),
    );
  addExamples(command, lang, [
    'qifeng status notice.pdf --save',
    'qifeng status policy/91350100M000100Y43/YF-2026-1 --json',
    'qifeng status licence.shown.tlog-proof --in-force',
    'qifeng status notice.pdf --status-proof notice.pdf.status-proof --max-age 1h',
  ]);
}
