import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ADMIT_MEMBERS,
  CHANGE_MEMBERS,
  type Chain,
  DEFINE_PROFILE,
  EXIT,
  type ExitCode,
  profileFromJson,
  shellMessages,
  toHex,
} from '@qifeng/core';
import { openChain } from '../../chain.ts';
import { fault } from '../../complaints.ts';
import type { Context } from '../../context.ts';
import { openHome } from '../../home.ts';
import { approved } from '../../members/approval.ts';
import { readCarrier, recordFinally } from '../../members/carrier.ts';
import { type SetNow, setAt, USUAL_NODE } from '../../members/nodes.ts';
import {
  approvers,
  type Content,
  contentOf,
  entryOf,
  merged,
  type Proposal,
  proposalOf,
  readProposal,
  writeProposal,
} from '../../members/proposal.ts';
import { readRequest } from '../../members/request.ts';
import { membersMessages } from './messages.ts';

/** Arguments of `members propose` as they were typed. */
export interface ProposeFlags {
  readonly genesis: string;
  readonly out: string;
  readonly node?: string;
  readonly admit?: readonly string[];
  readonly profile?: string;
  readonly carrier?: string;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/** Arguments of `members approve` as they were typed. */
export interface ApproveFlags {
  readonly home: string;
  readonly node?: string;
}

/** Arguments of `members submit` as they were typed. */
export interface SubmitFlags {
  readonly genesis: string;
  readonly key: string;
  readonly publisher?: string;
  readonly node?: string;
}

/** Writes a proposal from the requests of newcomers and the codes of those that leave. */
export async function propose(flags: ProposeFlags, context: Context): Promise<ExitCode> {
  const chain = openChain(flags.genesis);
  const set = await setAt(flags.node ?? USUAL_NODE);
  const proposal = proposalOf(chain, contentFrom(flags, chain, set));
  writeProposal(flags.out, proposal);
  const words = membersMessages(context.lang);
  return tell(context, proposal, set, chain, words.written(flags.out), words.next(flags.out));
}

/** Shows what a proposal would do and how many of the present set approved it. */
export async function show(
  file: string,
  flags: { readonly genesis: string; readonly node?: string },
  context: Context,
): Promise<ExitCode> {
  const chain = openChain(flags.genesis);
  const proposal = readProposal(file, chain);
  const set = await setAt(flags.node ?? USUAL_NODE);
  return tell(context, proposal, set, chain, file, membersMessages(context.lang).next(file));
}

/** Adds one validator's approval to a proposal, after its own node was asked about it. */
export async function approve(file: string, flags: ApproveFlags, context: Context): Promise<ExitCode> {
  const home = openHome(flags.home, context.streams.env);
  const chain = openChain(join(home.path, 'genesis.cbor'));
  const { host, port } = home.config.http;
  const url = flags.node ?? `http://${host}:${port}`;
  const proposal = await approved(readProposal(file, chain), home, chain, url);
  writeProposal(file, proposal);
  const words = membersMessages(context.lang);
  const set = await setAt(url);
  return tell(context, proposal, set, chain, words.approvedBy(home.member), words.nextSubmit(file));
}

/** Records a change that a quorum approved. */
export async function submit(
  files: readonly string[],
  flags: SubmitFlags,
  context: Context,
): Promise<ExitCode> {
  const chain = openChain(flags.genesis);
  const url = flags.node ?? USUAL_NODE;
  const proposal = merged(files.map(file => readProposal(file, chain)));
  const set = await setAt(url);
  const { change } = contentOf(proposal);
  if (change.epoch !== set.epoch) throw fault('other-epoch', change.epoch, set.epoch);
  const valid = approvers(proposal, chain, set);
  if (valid.length < set.quorum) throw fault('too-few-approvals', valid.length, set.quorum);
  const approvals = proposal.approvals.filter(([code]) => valid.includes(code));
  const carrier = readCarrier(flags.key, flags.publisher, context.streams.env['QIFENG_PASSPHRASE']);
  const entry = entryOf({ ...proposal, approvals }, carrier.id);
  const { height } = await recordFinally(url, chain, carrier, entry);
  const words = membersMessages(context.lang);
  // A profile is there with its record; nobody has anything to start.
  const next = proposal.action === DEFINE_PROFILE ? null : words.nextStart;
  return tell(context, proposal, set, chain, words.recorded(height), next, height);
}

function contentFrom(flags: ProposeFlags, chain: Chain, { epoch }: SetNow): Content {
  const { admit = [], profile, add = [], remove = [], carrier } = flags;
  const kinds = [admit.length, add.length + remove.length, profile === undefined ? 0 : 1];
  if (kinds.filter(count => count > 0).length !== 1) throw fault('what-change');
  const byCode = (a: { code: string }, b: { code: string }) => (a.code < b.code ? -1 : 1);
  if (profile !== undefined) {
    if (carrier === undefined) throw fault('no-carrier', '--carrier');
    const read = profileFromJson(readFileSync(profile, 'utf8'));
    if (!read.ok) throw fault('bad-profile', profile, read.fault.detail);
    return { action: DEFINE_PROFILE, change: { v: 1, epoch, carrier, profile: read.value } };
  }
  if (admit.length > 0) {
    if (carrier === undefined) throw fault('no-carrier', '--carrier');
    const contacts = admit.map(file => readRequest(file, chain).contact).sort(byCode);
    return { action: ADMIT_MEMBERS, change: { v: 1, epoch, carrier, contacts } };
  }
  const joining = add.map(file => {
    const { contact, join: wish } = readRequest(file, chain);
    if (wish === null) throw fault('bad-request', file, 'observer');
    if (wish.epoch !== epoch) throw fault('other-epoch', wish.epoch, epoch);
    return { code: contact.code, validator: wish.validator };
  });
  const leaving = remove.map(code => ({ code, validator: null }));
  return {
    action: CHANGE_MEMBERS,
    change: { v: 1, epoch, members: [...joining, ...leaving].sort(byCode) },
  };
}

function tell(
  { lang, json, out }: Context,
  proposal: Proposal,
  set: SetNow,
  chain: Chain,
  headline: string,
  next: string | null,
  height: number | null = null,
): ExitCode {
  const { action, change } = contentOf(proposal);
  const counted = approvers(proposal, chain, set);
  const named = (code: string): string => {
    const member = set.members.find(one => one.code === code);
    return member === undefined ? code : `${code} ${lang === 'zh' ? member.nameZh : member.nameEn}`;
  };
  const joins = action === CHANGE_MEMBERS ? change.members.filter(({ validator }) => validator !== null) : [];
  const leaves =
    action === CHANGE_MEMBERS ? change.members.filter(({ validator }) => validator === null) : [];
  const admits = action === ADMIT_MEMBERS ? change.contacts : [];
  const defines = action === DEFINE_PROFILE ? change.profile : null;
  const profile = defines && { name: defines.name, version: defines.version };
  if (json) {
    const codes = (list: readonly { readonly code: string }[]) => list.map(({ code }) => code);
    const [joining, leaving, admitted] = [joins, leaves, admits].map(codes);
    const who = { action, epoch: change.epoch, admits: admitted, joins: joining, leaves: leaving, profile };
    out.json({ ...who, approvals: counted, quorum: set.quorum, height });
    return EXIT.done;
  }
  const words = membersMessages(lang);
  const list = (codes: readonly { readonly code: string }[]): string | null =>
    codes.length === 0 ? null : codes.map(({ code }) => named(code)).join(', ');
  out.heading(true, headline, '');
  out.rows([
    [action === CHANGE_MEMBERS ? words.epoch : words.inEpoch, String(change.epoch)],
    [words.defines, profile && `${profile.name} ${profile.version}`],
    [words.admits, list(admits)],
    [words.joins, list(joins)],
    [words.leaves, list(leaves)],
    ...joins.map(({ code, validator }) => [code, toHex(validator!.key)] as const),
    [words.approvals, words.ofQuorum(counted.length, set.quorum)],
    [shellMessages(lang).next, next],
  ]);
  return EXIT.done;
}
