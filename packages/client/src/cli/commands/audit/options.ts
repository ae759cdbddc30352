import { addExamples, type Host } from '../../host.ts';
import { verifyFile } from './evidence.ts';
import { auditNodes } from './handler.ts';
import { auditMessages } from './messages.ts';

/** Arguments of `audit` as they were typed. */
interface AuditFlags {
  readonly genesis?: string;
  readonly out?: string;
  readonly evidence?: string;
}

/** Adds `qifeng audit` to the program. */
export function addAudit({ program, lang, run }: Host): void {
  const words = auditMessages(lang);
  const command = program
    .command('audit')
    .summary(words.summary)
    .description(words.description)
    .option('--genesis <file>', words.genesis)
    .option('--out <file>', words.out)
    .option('--evidence <file>', words.evidence)
    .action(({ evidence, ...flags }: AuditFlags) =>
      run(context =>
        evidence === undefined
          ? auditNodes({ genesis: flags.genesis, out: flags.out }, context)
          : verifyFile(evidence, flags.genesis, context),
      ),
    );
  addExamples(command, lang, [
    'qifeng audit --node http://127.0.0.1:8101 --node http://127.0.0.1:8102',
    'qifeng audit --genesis genesis.cbor --out conflict.evidence --json',
    'qifeng audit --evidence conflict.evidence --genesis genesis.cbor',
  ]);
}
