import { join } from 'node:path';
import { EXIT, type ExitCode, isObserverCode, shellMessages, toHex } from '@qifeng/core';
import { openChain } from '../../chain.ts';
import { fault } from '../../complaints.ts';
import type { Context } from '../../context.ts';
import { openHome } from '../../home.ts';
import { candidateOf } from '../../members/membership.ts';
import { setAt } from '../../members/nodes.ts';
import { addressesOf, writeRequest } from '../../members/request.ts';
import { replaceKeys } from '../../new-home.ts';
import { environmentOfNewKeys } from '../../passphrase.ts';
import { joinMessages } from './messages.ts';

/** Arguments of `join` as they were typed. */
export interface JoinFlags {
  readonly home: string;
  readonly out?: string;
  readonly address?: readonly string[];
  readonly newKeys?: boolean;
  /** False with `--no-passphrase`. */
  readonly passphrase: boolean;
}

/** Writes a node's request to vote from the next epoch on; or, before that, gives it keys that have signed nothing. */
export async function joinSet(flags: JoinFlags, context: Context): Promise<ExitCode> {
  return flags.newKeys === true ? renew(flags, context) : ask(flags, context);
}

async function ask(flags: JoinFlags, { lang, json, out, streams }: Context): Promise<ExitCode> {
  const home = openHome(flags.home, streams.env);
  if (isObserverCode(home.member)) throw fault('no-member-here', home.member);
  const chain = openChain(join(home.path, 'genesis.cbor'));
  const { host, port } = home.config.http;
  const url = `http://${host}:${port}`;
  const { epoch } = await setAt(url);
  const addresses = flags.address ?? addressesOf(home);
  const validator = await candidateOf(home.keys, addresses, chain, epoch, url);
  const contact = { code: home.member, p2pKey: home.keys.p2p.publicKey, addresses };
  const file = flags.out ?? join(home.path, 'join-request');
  writeRequest(file, { v: 1, genesis: chain.hash, contact, join: { epoch, validator } });
  const { height } = validator.possession;
  if (json) {
    out.json({ member: home.member, epoch, height, key: validator.key, request: file });
    return EXIT.done;
  }
  const words = joinMessages(lang);
  out.heading(true, words.asks(home.member, epoch), file);
  out.rows([
    [words.key, toHex(validator.key)],
    [words.signed, String(height)],
    [shellMessages(lang).next, words.next(file)],
  ]);
  return EXIT.done;
}

async function renew(flags: JoinFlags, context: Context): Promise<ExitCode> {
  const { lang, json, out, streams } = context;
  const { home } = flags;
  openHome(home, streams.env);
  const env = await environmentOfNewKeys(home, flags, context);
  replaceKeys(home, env);
  const { member, keys } = openHome(home, { ...streams.env, ...env });
  if (json) {
    out.json({ member, key: keys.validator.publicKey });
    return EXIT.done;
  }
  const words = joinMessages(lang);
  out.heading(true, words.replaced(member), home);
  out.rows([
    [words.key, toHex(keys.validator.publicKey)],
    [shellMessages(lang).next, words.nextStart(home)],
  ]);
  return EXIT.done;
}
