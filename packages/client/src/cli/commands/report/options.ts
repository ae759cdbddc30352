import { maxAgeOf } from '../../age.ts';
import { addExamples, type Host } from '../../host.ts';
import { report } from './handler.ts';
import { reportMessages } from './messages.ts';

/** Arguments of `report` as they were typed. */
interface ReportFlags {
  readonly out: string;
  readonly force?: true;
  readonly receipt?: string;
  readonly genesis?: string;
  readonly statusProof?: string;
  readonly offline?: true;
  readonly maxAge?: string;
}

/** Adds `qifeng report` to the program. */
export function addReport({ program, lang, run }: Host): void {
  const words = reportMessages(lang);
  const command = program
    .command('report')
    .summary(words.summary)
    .description(words.description)
    .argument('<file>', words.file)
    .requiredOption('--out <file>', words.out)
    .option('--force', words.force)
    .option('--receipt <file>', words.receipt)
    .option('--genesis <file>', words.genesis)
    .option('--status-proof <file>', words.statusProof)
    .option('--offline', words.offline)
    .option('--max-age <duration>', words.maxAge)
    .action((file: string, flags: ReportFlags) =>
      run(context =>
        report(
          {
            file,
            out: flags.out,
            force: flags.force === true,
            receipt: flags.receipt,
            genesis: flags.genesis,
            statusProof: flags.statusProof,
            offline: flags.offline === true,
            maxAgeMs: maxAgeOf(flags.maxAge, context.lang),
            // For a Chinese court, whatever the locale of the machine.
            lang: program.opts<{ readonly lang?: string }>().lang === undefined ? 'zh' : lang,
          },
          context,
        ),
      ),
    );
  addExamples(command, lang, [
    'qifeng report notice.pdf --out report.html',
    'qifeng report notice.pdf --out report.html --genesis genesis.cbor --offline',
    'qifeng report notice.pdf --out report.html --status-proof notice.pdf.status-proof --lang en',
  ]);
}
