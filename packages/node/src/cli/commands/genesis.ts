import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Chain, publisherKeyFlaw, toHex } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { Command } from 'commander';
import { openNodeHome } from '../../config/node-home.ts';
import { voteBytes } from '../../engine/wire/signed-bytes.ts';
import { loadChain } from '../../node.ts';
import { makeGenesis, memberEntry, seedMembers } from '../genesis-plan.ts';
import { CliError } from '../home.ts';

/** `genesis new|sign|show`. */
export function addGenesis(program: Command): void {
  const genesis = program.command('genesis').description('the file a chain starts from');
  genesis
    .command('new')
    .description('make a genesis from the homes of its first validators')
    .requiredOption('--nodes <dir...>', "homes made by 'init', one a validator")
    .requiredOption('--out <file>', 'where to write the genesis')
    .option('--name <text>', 'name of the chain', 'Qifeng')
    .option('--origin <prefix>', 'first part of the log name, a domain of yours', 'qifeng.example')
    .option('--publishers <file>', 'JSON: [{id, name, home, profiles, keys: [hex]}]')
    .action(
      (options: { nodes: string[]; out: string; name: string; origin: string; publishers?: string }) => {
        const homes = options.nodes.map(dir => openNodeHome(dir, {}));
        const members = seedMembers().map(member => {
          const home = homes.find(one => one.member === member.code) ?? null;
          return memberEntry(
            member,
            home,
            home === null ? [] : [`/ip4/${home.config.p2p.host}/tcp/${home.config.p2p.port}`],
          );
        });
        writeFileSync(
          options.out,
          makeGenesis(options.name, options.origin, members, publishersOf(options.publishers)),
        );
        const chain = loadChain(options.out, nativeSuite);
        const flaw = publisherKeyFlaw(chain.genesis, nativeSuite.verifier);
        if (flaw !== null) throw new CliError(flaw, 'mend the publishers file', 2);
        for (const home of homes) writeFileSync(join(home.path, 'genesis.cbor'), readFileSync(options.out));
        describe(chain);
      },
    );
  genesis
    .command('sign')
    .description('check that a genesis names this node and prove possession of its validator key')
    .requiredOption('--home <dir>', "the node's home")
    .requiredOption('--genesis <file>', 'the genesis to agree to')
    .action((options: { home: string; genesis: string }) => {
      const home = openNodeHome(options.home, {});
      const chain = loadChain(options.genesis, nativeSuite);
      const mine = chain.validators.find(({ code }) => code === home.member);
      if (mine === undefined || toHex(mine.key) !== toHex(home.keys.validator.publicKey)) {
        throw new CliError(
          `the genesis does not name this node's key for ${home.member}`,
          'ask its maker for a new one',
          1,
        );
      }
      writeFileSync(join(home.path, 'genesis.cbor'), readFileSync(options.genesis));
      const proof = home.keys.validator.sign(voteBytes(chain.hash, 'possession', 0, 0, 0, chain.hash));
      console.log(`${home.member} agrees to genesis ${toHex(chain.hash)}`);
      console.log(`proof of possession ${toHex(proof)}`);
    });
  genesis
    .command('show')
    .description('print a genesis as JSON')
    .argument('<file>', 'genesis.cbor')
    .action((file: string) => {
      const chain = loadChain(file, nativeSuite);
      const shown = { hash: chain.hash, origin: chain.origin, ...chain.genesis };
      console.log(
        JSON.stringify(shown, (_, value) => (value instanceof Uint8Array ? toHex(value) : value), 2),
      );
    });
}

function publishersOf(file: string | undefined): Parameters<typeof makeGenesis>[3] {
  if (file === undefined) return [];
  const listed = JSON.parse(readFileSync(file, 'utf8')) as {
    id: string;
    name: string;
    home: string;
    profiles: string[];
    keys: string[];
  }[];
  return listed.map(one => ({
    ...one,
    profiles: [...one.profiles].sort(),
    keys: one.keys.map(key => Uint8Array.from(Buffer.from(key, 'hex'))),
  }));
}

function describe({ genesis, hash, origin, validators }: Chain): void {
  console.log(`genesis     ${toHex(hash)}`);
  console.log(`origin      ${origin}`);
  console.log(`validators  ${validators.map(({ code }) => code).join(' ')}`);
  console.log(
    `publishers  ${genesis.publishers.length}, profiles ${genesis.profiles.map(({ name }) => name).join(' ')}`,
  );
}
