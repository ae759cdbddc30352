import { toHex } from '@qifeng/core';
import type { Command } from 'commander';
import { DEFAULT_CONFIG } from '../../config/config.ts';
import { initNodeHome } from '../../config/node-home.ts';
import { seedMembers } from '../genesis-plan.ts';
import { CliError } from '../home.ts';

/** `init --member CODE --home DIR`: keys and configuration of a new node. */
export function addInit(program: Command): void {
  program
    .command('init')
    .description("make a node's home: its keys and configuration")
    .requiredOption('--member <code>', 'GB/T 2260 code of the member unit, such as 110000')
    .requiredOption('--home <dir>', 'where the node keeps everything')
    .option('--http-port <port>', 'public API', String(DEFAULT_CONFIG.http.port))
    .option('--p2p-port <port>', 'other members', String(DEFAULT_CONFIG.p2p.port))
    .action((options: { member: string; home: string; httpPort: string; p2pPort: string }) => {
      const member = seedMembers().find(({ code }) => code === options.member);
      if (member === undefined)
        throw new CliError(`no member unit ${options.member}`, 'see seeds/members.json', 2);
      const home = initNodeHome(options.home, member.code, {
        ...DEFAULT_CONFIG,
        http: { ...DEFAULT_CONFIG.http, port: Number(options.httpPort) },
        p2p: { ...DEFAULT_CONFIG.p2p, port: Number(options.p2pPort) },
      });
      console.log(`${member.nameZh} ${member.nameEn} (${member.code}) in ${home.path}`);
      console.log(`validator key  ${toHex(home.keys.validator.publicKey)}`);
      console.log(`log key        ${toHex(home.keys.log.publicKey)}`);
      console.log(`p2p key        ${toHex(home.keys.p2p.publicKey)}`);
      console.log('next: qifeng-node genesis new --nodes DIR… --out genesis.cbor');
    });
}
