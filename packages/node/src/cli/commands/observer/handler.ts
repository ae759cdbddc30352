import { copyFileSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EXIT, type ExitCode, isObserverCode, shellMessages, toHex } from '@qifeng/core';
import { openChain } from '../../chain.ts';
import { fault } from '../../complaints.ts';
import type { Context } from '../../context.ts';
import { openHome } from '../../home.ts';
import { addressesOf, writeObserverRequest, writeRequest } from '../../members/request.ts';
import { observerMessages } from './messages.ts';

/** Arguments of `observer` as they were typed. */
export interface ObserverFlags {
  readonly home: string;
  readonly genesis: string;
  readonly out: string;
  readonly name?: string;
  readonly address?: readonly string[];
}

/** Puts a chain's genesis into a home, and writes the request to be admitted as one that follows. */
export async function observer(
  flags: ObserverFlags,
  { lang, json, out, streams }: Context,
): Promise<ExitCode> {
  const home = openHome(flags.home, streams.env);
  const chain = openChain(flags.genesis);
  const { member } = home;
  const observes = isObserverCode(member);
  if (!observes && !chain.genesis.members.some(({ code }) => code === member))
    throw fault('no-member-here', member);
  const kept = join(home.path, 'genesis.cbor');
  if (existsSync(kept) && toHex(openChain(kept).hash) !== toHex(chain.hash)) throw fault('other-chain', kept);
  if (resolve(flags.genesis) !== resolve(kept)) copyFileSync(flags.genesis, kept);
  const addresses = flags.address ?? addressesOf(home);
  const p2pKey = home.keys.p2p.publicKey;
  const contact = { code: member, p2pKey, addresses };
  const asked = { v: 1, genesis: chain.hash } as const;
  if (observes)
    writeObserverRequest(flags.out, { ...asked, observer: { ...contact, name: flags.name ?? member } });
  else writeRequest(flags.out, { ...asked, contact, join: null });
  if (json) {
    out.json({ member, genesis: chain.hash, p2pKey, addresses, request: flags.out });
    return EXIT.done;
  }
  const words = observerMessages(lang);
  out.heading(true, words.written(member), flags.out);
  out.rows([
    [words.chain, toHex(chain.hash)],
    [words.key, toHex(p2pKey)],
    [words.addresses, addresses.join(' ')],
    [shellMessages(lang).next, words.next(flags.out)],
  ]);
  return EXIT.done;
}
