import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  EXIT,
  type ExitCode,
  genesisNameFlaw,
  isObserverCode,
  possessionBytes,
  publisherKeyFlaw,
  readGenesis,
  toHex,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { NodeHome } from '../../../config/node-home.ts';
import { openChain } from '../../chain.ts';
import { fault } from '../../complaints.ts';
import type { Context } from '../../context.ts';
import { makeGenesis, memberEntry, seedMembers } from '../../genesis-plan.ts';
import { openHome } from '../../home.ts';
import { genesisMessages } from './messages.ts';
import { readPublishers } from './publishers.ts';

/** Arguments of `genesis new` as they were typed. */
export interface NewFlags {
  readonly nodes: readonly string[];
  readonly out: string;
  readonly name: string;
  readonly origin: string;
  readonly publishers?: string;
}

/** Arguments of `genesis sign` as they were typed. */
export interface SignFlags {
  readonly home: string;
  readonly genesis: string;
}

/** Makes a genesis from the homes of its first validators; nothing is written unless it makes a chain. */
export async function newGenesis(flags: NewFlags, { lang, json, out, streams }: Context): Promise<ExitCode> {
  const homes = flags.nodes.map(dir => openHome(dir, streams.env));
  const codes = homes.map(({ member }) => member);
  const twice = codes.find((code, i) => codes.indexOf(code) !== i);
  if (twice !== undefined) throw fault('member-twice', twice);
  const stranger = codes.find(isObserverCode);
  if (stranger !== undefined) throw fault('genesis-flaw', `${stranger} is the code of an observer`);
  const members = seedMembers().map(member => {
    const home = homes.find(one => one.member === member.code) ?? null;
    return memberEntry(member, home, addressesOf(home));
  });
  const bytes = makeGenesis(flags.name, flags.origin, members, readPublishers(flags.publishers));
  const chain = readGenesis(bytes, nativeSuite);
  if (!chain.ok) throw fault('genesis-flaw', chain.fault.detail);
  const flaw =
    publisherKeyFlaw(chain.value.genesis, nativeSuite.verifier) ?? genesisNameFlaw(chain.value.genesis);
  if (flaw !== null) throw fault('genesis-flaw', flaw);
  for (const file of [flags.out, ...homes.map(({ path }) => join(path, 'genesis.cbor'))])
    writeFileSync(file, bytes);
  const { genesis, hash, origin, validators } = chain.value;
  const profiles = genesis.profiles.map(({ name }) => name);
  const shown = { file: flags.out, genesis: hash, origin, validators: validators.map(({ code }) => code) };
  if (json) {
    out.json({ ...shown, publishers: genesis.publishers.length, profiles });
    return EXIT.done;
  }
  const words = genesisMessages(lang);
  out.heading(true, flags.out, words.made);
  out.rows([
    [words.genesis, toHex(hash)],
    [words.origins, origin],
    [words.validators, shown.validators.join(' ')],
    [words.enrolled, String(genesis.publishers.length)],
    [words.profiles, profiles.join(' ')],
  ]);
  return EXIT.done;
}

/** Checks that a genesis names this node, puts it into the home and proves possession of the validator key. */
export async function signGenesis(
  flags: SignFlags,
  { lang, json, out, streams }: Context,
): Promise<ExitCode> {
  const { member, path, keys } = openHome(flags.home, streams.env);
  const chain = openChain(flags.genesis);
  const mine = chain.validators.find(({ code }) => code === member);
  if (mine === undefined || toHex(mine.key) !== toHex(keys.validator.publicKey))
    throw fault('other-key', member);
  copyFileSync(flags.genesis, join(path, 'genesis.cbor'));
  const proof = keys.validator.sign(possessionBytes(chain.hash, 0, 0, chain.hash));
  if (json) {
    out.json({ member, genesis: chain.hash, proof });
    return EXIT.done;
  }
  const words = genesisMessages(lang);
  out.heading(true, words.agrees(member), '');
  out.rows([
    [words.genesis, toHex(chain.hash)],
    [words.proof, toHex(proof)],
  ]);
  return EXIT.done;
}

/** Prints a genesis; JSON is its form for people and programs alike. */
export async function showGenesis(file: string, { out }: Context): Promise<ExitCode> {
  const { hash, origin, genesis } = openChain(file);
  out.json({ hash, origin, ...genesis });
  return EXIT.done;
}

function addressesOf(home: NodeHome | null): readonly string[] {
  return home === null ? [] : [`/ip4/${home.config.p2p.host}/tcp/${home.config.p2p.port}`];
}
