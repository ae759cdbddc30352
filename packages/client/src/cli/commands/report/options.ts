import { usageFault } from '@qifeng/core';
import { maxAgeOf } from '../../age.ts';
import type { Context } from '../../context.ts';
import { addExamples, type Host } from '../../host.ts';
import { report } from './handler.ts';
import { reportMessages } from './messages.ts';

/** Arguments of `report` as they were typed. */
interface ReportFlags {
  readonly out: string;
  readonly force?: true;
  readonly receipt?: string;
  readonly index?: string;
  readonly genesis?: string;
  readonly statusProof?: string;
  readonly offline?: true;
  readonly maxAge?: string;
}

/** A log index as it was typed; complains about anything else. */
function indexOf(text: string | undefined, { lang }: Context): number | undefined {
  if (text === undefined) return undefined;
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  const words = reportMessages(lang);
  throw usageFault('bad-index', words.badIndex(text), words.severalNext);
}

/** Adds `qifeng report` to the program. */
export function addReport({ program, lang, run }: Host): void {
  const words = reportMessages(lang);
  const command = program
    .command('report')
    .summary(words.summary)
    .description(words.description)
    .argument('<x>', words.file)
    .requiredOption('--out <file>', words.out)
    .option('--force', words.force)
    .option('--receipt <file>', words.receipt)
    .option('--index <number>', words.index)
    .option('--genesis <file>', words.genesis)
    .option('--status-proof <file>', words.statusProof)
    .option('--offline', words.offline)
    .option('--max-age <duration>', words.maxAge)
    .action((x: string, flags: ReportFlags) =>
      run(context =>
        report(
          {
            x,
            out: flags.out,
            force: flags.force === true,
            receipt: flags.receipt,
            index: indexOf(flags.index, context),
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
    'qifeng report repeal.tlog-proof --out report.html',
    'qifeng report policy/91350100M000100Y43/YF-2026-1 --out report.html',
    'qifeng report sha256:ee81235d4a6ce7fbcc49b7cb7dab845a5f2f3fe25f8af433e736f79c41563925 --out report.html',
    'qifeng report notice.pdf --out report.html --status-proof notice.pdf.status-proof --lang en',
  ]);
}
