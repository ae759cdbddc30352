import { existsSync } from 'node:fs';
import { EXIT, type ExitCode, isObserverCode, shellMessages, toHex } from '@qifeng/core';
import { DEFAULT_CONFIG } from '../../../config/config.ts';
import { pathsIn } from '../../../config/node-home.ts';
import { fault } from '../../complaints.ts';
import type { Context } from '../../context.ts';
import { memberName, seedMembers } from '../../genesis-plan.ts';
import { newHome } from '../../new-home.ts';
import { environmentOfNewKeys } from '../../passphrase.ts';
import { initMessages } from './messages.ts';

/** Arguments of `init` as they were typed. */
export interface InitFlags {
  readonly member: string;
  readonly home: string;
  readonly httpPort: string;
  readonly p2pPort: string;
  /** False with `--no-passphrase`. */
  readonly passphrase: boolean;
}

/** Makes keys and configuration of a new node. */
export async function init(flags: InitFlags, context: Context): Promise<ExitCode> {
  const { lang, json, out } = context;
  const member = seedMembers().find(({ code }) => code === flags.member);
  const observes = isObserverCode(flags.member);
  if (member === undefined && !observes) throw fault('no-member-unit', flags.member);
  const config = {
    ...DEFAULT_CONFIG,
    http: { ...DEFAULT_CONFIG.http, port: portOf('--http-port', flags.httpPort) },
    p2p: { ...DEFAULT_CONFIG.p2p, port: portOf('--p2p-port', flags.p2pPort) },
  };
  if (existsSync(pathsIn(flags.home).keys)) throw fault('home-taken', flags.home);
  const env = await environmentOfNewKeys(flags.home, flags, context);
  const { path, keys } = newHome(flags.home, flags.member, config, env);
  const [validatorKey, logKey, p2pKey] = [keys.validator, keys.log, keys.p2p].map(key =>
    toHex(key.publicKey),
  );
  if (json) {
    out.json({ member: flags.member, home: path, validatorKey, logKey, p2pKey });
    return EXIT.done;
  }
  const words = initMessages(lang);
  const found = 'qifeng-node genesis new --nodes DIR… --out genesis.cbor';
  const observe = `qifeng-node observer --home ${path} --genesis FILE --out FILE`;
  out.heading(true, member === undefined ? flags.member : `${memberName(member, lang)} ${member.code}`, path);
  out.rows([
    [words.validatorKey, validatorKey!],
    [words.logKey, logKey!],
    [words.p2pKey, p2pKey!],
    [shellMessages(lang).next, observes ? observe : found],
  ]);
  return EXIT.done;
}

function portOf(option: string, value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw fault('bad-port', option, value);
  return port;
}
