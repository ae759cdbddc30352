import type { Command } from 'commander';
import { describe, type Host } from '../../context.ts';
import { commonMessages } from '../../messages.ts';
import type { ClusterFlags } from './handler.ts';
import { clusterMessages } from './messages.ts';

/** Adds `qifeng-node cluster` with `up`, `down`, `status`, `resize`, `rekey`, `stop`, `start`, `partition` and `heal` to the program. */
export function addCluster({ program, lang, run }: Host): void {
  const words = clusterMessages(lang);
  const cluster = describe(program.command('cluster'), lang, words.description);
  const add = (name: string, description: string): Command =>
    describe(cluster.command(name), lang, description).option('--home <dir>', commonMessages(lang).home);
  add('up', words.upDescription)
    .option('-n <count>', words.count)
    .action((flags: ClusterFlags) => run(async context => (await import('./handler.ts')).up(flags, context)));
  add('down', words.downDescription).action((flags: ClusterFlags) =>
    run(async context => (await import('./handler.ts')).down(flags, context)),
  );
  add('status', words.statusDescription).action((flags: ClusterFlags) =>
    run(async context => (await import('./handler.ts')).status(flags, context)),
  );
  add('resize', words.resizeDescription)
    .argument('<count>', words.resizeCount)
    .action((count: string, flags: ClusterFlags) =>
      run(async context => (await import('./handler.ts')).resizeTo(count, flags, context)),
    );
  add('rekey', words.rekeyDescription)
    .argument('<node>', words.node)
    .action((node: string, flags: ClusterFlags) =>
      run(async context => (await import('./handler.ts')).rekeyOne(node, flags, context)),
    );
  add('stop', words.stopDescription)
    .argument('<node>', words.node)
    .action((node: string, flags: ClusterFlags) =>
      run(async context => (await import('./handler.ts')).stopOne(node, flags, context)),
    );
  add('start', words.startDescription)
    .argument('<node>', words.node)
    .action((node: string, flags: ClusterFlags) =>
      run(async context => (await import('./handler.ts')).startOne(node, flags, context)),
    );
  add('partition', words.partitionDescription)
    .argument('<groups...>', words.groups)
    .action((groups: string[], flags: ClusterFlags) =>
      run(async context => (await import('./partition.ts')).partition(groups, flags, context)),
    );
  add('heal', words.healDescription).action((flags: ClusterFlags) =>
    run(async context => (await import('./partition.ts')).heal(flags, context)),
  );
}
