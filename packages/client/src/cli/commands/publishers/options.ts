import type { Command } from 'commander';
import { addExamples, type Host } from '../../host.ts';
import { keyMessages } from '../../key-messages.ts';
import { stampMessages } from '../stamp/messages.ts';
import { patienceOf, repeated } from '../stamp/options.ts';
import type { AddFlags, ChangeFlags, ImportFlags, ListFlags, RekeyFlags, SetFlags } from './flags.ts';
import { add, rekey, setRights, setStatus } from './handler.ts';
import { importRoster } from './import.ts';
import { list } from './list.ts';
import { publishersMessages } from './messages.ts';

/** Adds `qifeng publishers` with its commands to the program. */
export function addPublishers({ program, lang, run }: Host): void {
  const words = publishersMessages(lang);
  const publishers = program.command('publishers').summary(words.summary).description(words.description);
  const change = (name: string, summary: string): Command =>
    publishers.command(name).summary(summary).description(summary);
  change('add', words.addSummary)
    .argument('<code>', words.code)
    .requiredOption('--name <name>', words.name)
    .requiredOption('--member <code>', words.member)
    .option('--public-key <hex>', words.publicKey, repeated)
    .option('--make-key', words.makeKey)
    .option('--roles <roles>', words.roles)
    .option('--quota <number>', words.quota)
    .action((code: string, flags: AddFlags) =>
      run(context => add(code, flags, patienceOf(flags.wait, context), context)),
    );
  change('import', words.importSummary)
    .argument('<file>', words.file)
    .option('--make-keys', words.makeKey)
    .option('--roles <roles>', words.rolesOfAll)
    .option('--report <file>', words.report)
    .action((file: string, flags: ImportFlags) =>
      run(context => importRoster(file, flags, patienceOf(flags.wait, context), context)),
    );
  for (const [name, summary, status] of [
    ['suspend', words.suspendSummary, 'suspended'],
    ['reinstate', words.reinstateSummary, 'active'],
  ] as const)
    change(name, summary)
      .argument('<code...>', words.code)
      .action((codes: readonly string[], flags: ChangeFlags) =>
        run(context => setStatus(codes, status, flags, patienceOf(flags.wait, context), context)),
      );
  change('rekey', words.rekeySummary)
    .argument('<code>', words.code)
    .requiredOption('--public-key <hex>', words.publicKey, repeated)
    .action((code: string, flags: RekeyFlags) =>
      run(context => rekey(code, flags, patienceOf(flags.wait, context), context)),
    );
  change('set', words.setSummary)
    .argument('<code...>', words.code)
    .option('--roles <roles>', words.roles)
    .option('--quota <number>', words.quota)
    .action((codes: readonly string[], flags: SetFlags) =>
      run(context => setRights(codes, flags, patienceOf(flags.wait, context), context)),
    );
  const keys = keyMessages(lang);
  for (const command of publishers.commands)
    command
      .option('--key <file>', words.carrier)
      .option('--publisher <uscc>', keys.publisher)
      .option('--passphrase-file <file>', keys.passphraseFile)
      .option('--node-home <dir>', words.nodeHome, repeated)
      .option('--propose <file>', words.propose)
      .option('--genesis <file>', stampMessages(lang).genesis)
      .option('--wait <duration>', stampMessages(lang).wait);
  change('list', words.listSummary)
    .option('--name <text>', words.nameHas)
    .option('--member <code>', words.member)
    .option('--suspended', words.onlySuspended)
    .option('--after <code>', words.after)
    .option('--limit <number>', words.limit)
    .action((flags: ListFlags) => run(context => list(flags, context)));
  addExamples(publishers, lang, [
    'qifeng publishers add 91350100M000100Y43 --name 演示企业 --member 350000 --public-key HEX',
    'qifeng publishers list --name 甘肃 --limit 20',
    'qifeng publishers import enterprises.csv --report refused.csv',
    'qifeng publishers suspend 91350100M000100Y43 --node-home /var/lib/qifeng',
    'qifeng publishers suspend 91350100M000100Y43 --propose suspension --publisher 11110000DEM000001C',
  ]);
}
