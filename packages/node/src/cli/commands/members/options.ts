import type { Command } from 'commander';
import { describe, type Host } from '../../context.ts';
import { commonMessages } from '../../messages.ts';
import type { AccuseFlags } from './accuse.ts';
import type { ApproveFlags, ProposeFlags, SubmitFlags } from './handler.ts';
import { membersMessages } from './messages.ts';

/** Adds `qifeng-node members` with `propose`, `show`, `approve`, `submit` and `accuse` to the program. */
export function addMembers({ program, lang, run }: Host): void {
  const words = membersMessages(lang);
  const members = describe(program.command('members'), lang, words.description);
  const add = (name: string, description: string): Command =>
    describe(members.command(name), lang, description).option('--node <url>', words.node);
  add('propose', words.proposeDescription)
    .requiredOption('--genesis <file>', words.genesis)
    .requiredOption('--out <file>', words.out)
    .option('--admit <request...>', words.admit)
    .option('--profile <file>', words.profile)
    .option('--carrier <uscc>', words.carrier)
    .option('--add <request...>', words.add)
    .option('--remove <code...>', words.remove)
    .action((flags: ProposeFlags) =>
      run(async context => (await import('./handler.ts')).propose(flags, context)),
    );
  add('show', words.showDescription)
    .argument('<proposal>', words.proposal)
    .requiredOption('--genesis <file>', words.genesis)
    .action((file: string, flags: { genesis: string; node?: string }) =>
      run(async context => (await import('./handler.ts')).show(file, flags, context)),
    );
  add('approve', words.approveDescription)
    .argument('<proposal>', words.proposal)
    .requiredOption('--home <dir>', commonMessages(lang).nodeHome)
    .action((file: string, flags: ApproveFlags) =>
      run(async context => (await import('./handler.ts')).approve(file, flags, context)),
    );
  add('submit', words.submitDescription)
    .argument('<proposal...>', words.copies)
    .requiredOption('--genesis <file>', words.genesis)
    .requiredOption('--key <file>', words.key)
    .option('--publisher <uscc>', words.publisher)
    .action((files: string[], flags: SubmitFlags) =>
      run(async context => (await import('./handler.ts')).submit(files, flags, context)),
    );
  add('accuse', words.accuseDescription)
    .requiredOption('--genesis <file>', words.genesis)
    .requiredOption('--key <file>', words.key)
    .option('--publisher <uscc>', words.publisher)
    .option('--epoch <number>', words.accuseEpoch)
    .action((flags: AccuseFlags) =>
      run(async context => (await import('./accuse.ts')).accuse(flags, context)),
    );
}
