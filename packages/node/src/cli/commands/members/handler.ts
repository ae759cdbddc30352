import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ADMIT_MEMBERS,
  CHANGE_MEMBERS,
  CHANGE_OBSERVERS,
  CHANGE_PUBLISHERS,
  type Chain,
  DEFINE_PROFILE,
  EXIT,
  type ExitCode,
  isObserverCode,
  type Proposal,
  profileFromJson,
  shellMessages,
  toHex,
} from '@qifeng/core';
import { openChain } from '../../chain.ts';
import { CommandFault, fault } from '../../complaints.ts';
import type { Context } from '../../context.ts';
import { openHome } from '../../home.ts';
import { approved } from '../../members/approval.ts';
import { readCarrier, recordFinally } from '../../members/carrier.ts';
import { type SetNow, setAt, USUAL_NODE } from '../../members/nodes.ts';
import {
  approvers,
  type Content,
  contentOf,
  enough,
  entryOf,
  mergedFiles,
  proposalOf,
  readProposals,
  writeProposals,
} from '../../members/proposal.ts';
import { readNewcomer, readRequest } from '../../members/request.ts';
import { membersMessages } from './messages.ts';
import { publisherJson, publisherRow, publishersIn } from './publishers.ts';

/** Changes on their way to the ledger at a time, below what a block may hold. */
const AT_ONCE = 16;

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
  const proposals = [proposalOf(chain, contentFrom(flags, chain, set))];
  writeProposals(flags.out, proposals);
  const words = membersMessages(context.lang);
  return tell(context, proposals, set, chain, words.written(flags.out), words.next(flags.out));
}

/** Shows what a proposal would do and how many of the present set approved it. */
export async function show(
  file: string,
  flags: { readonly genesis: string; readonly node?: string },
  context: Context,
): Promise<ExitCode> {
  const chain = openChain(flags.genesis);
  const proposals = readProposals(file, chain);
  const set = await setAt(flags.node ?? USUAL_NODE);
  return tell(context, proposals, set, chain, file, membersMessages(context.lang).next(file));
}

/** Adds one validator's approval to the proposals of a file, after its own node was asked about them. */
export async function approve(file: string, flags: ApproveFlags, context: Context): Promise<ExitCode> {
  const home = openHome(flags.home, context.streams.env);
  const chain = openChain(join(home.path, 'genesis.cbor'));
  const { host, port } = home.config.http;
  const url = flags.node ?? `http://${host}:${port}`;
  const proposals: Proposal[] = [];
  for (const proposal of readProposals(file, chain))
    proposals.push(await approved(proposal, home, chain, url));
  writeProposals(file, proposals);
  const words = membersMessages(context.lang);
  const set = await setAt(url);
  return tell(context, proposals, set, chain, words.approvedBy(home.member), words.nextSubmit(file));
}

/** Records changes that were approved; of several each by itself, so that one that is refused holds up no other. */
export async function submit(
  files: readonly string[],
  flags: SubmitFlags,
  context: Context,
): Promise<ExitCode> {
  const chain = openChain(flags.genesis);
  const url = flags.node ?? USUAL_NODE;
  const proposals = mergedFiles(files.map(file => readProposals(file, chain)));
  const set = await setAt(url);
  for (const proposal of proposals) {
    const { change } = contentOf(proposal);
    if (change.epoch !== set.epoch) throw fault('other-epoch', change.epoch, set.epoch);
  }
  const approvedOnes = proposals.map(proposal => ({ ...proposal, approvals: enough(proposal, chain, set) }));
  const carrier = readCarrier(flags.key, flags.publisher, context.streams.env['QIFENG_PASSPHRASE']);
  let [recorded, last] = [0, 0];
  const refused: unknown[] = [];
  for (let i = 0; i < approvedOnes.length; i += AT_ONCE) {
    const some = approvedOnes.slice(i, i + AT_ONCE);
    const answers = await Promise.allSettled(
      some.map(one => recordFinally(url, chain, carrier, entryOf(one, carrier.id))),
    );
    for (const answer of answers)
      if (answer.status === 'rejected') refused.push(answer.reason);
      else {
        recorded++;
        last = Math.max(last, answer.value.height);
      }
  }
  if (refused.length > 0) {
    const [first] = refused;
    if (recorded === 0 || !(first instanceof CommandFault)) throw first;
    throw fault('some-refused', recorded, proposals.length, first.said(context.lang).complaint.why ?? '');
  }
  const words = membersMessages(context.lang);
  // A profile or a publisher is there with its record, and an observer is gone with it: nobody has anything to start.
  const { action, change } = contentOf(proposals[0]!);
  const removes = action === CHANGE_OBSERVERS && change.admitted.length === 0;
  const isDone = removes || action === DEFINE_PROFILE || action === CHANGE_PUBLISHERS;
  return tell(context, proposals, set, chain, words.recorded(last), isDone ? null : words.nextStart, last);
}

function contentFrom(flags: ProposeFlags, chain: Chain, { epoch, removal }: SetNow): Content {
  const { admit = [], profile, add = [], remove = [], carrier } = flags;
  const byCode = (a: { code: string }, b: { code: string }) => (a.code < b.code ? -1 : 1);
  const newcomers = admit.map(file => readNewcomer(file, chain));
  const admitted = newcomers.flatMap(one => ('observer' in one ? one.observer : [])).sort(byCode);
  const contacts = newcomers.flatMap(one => ('contact' in one ? one.contact : [])).sort(byCode);
  const removed = remove.filter(isObserverCode).sort();
  const leaves = remove.filter(code => !isObserverCode(code));
  const kinds = [
    contacts.length,
    admitted.length + removed.length,
    add.length + leaves.length,
    profile === undefined ? 0 : 1,
  ];
  if (kinds.filter(count => count > 0).length !== 1) throw fault('what-change');
  if (profile !== undefined) {
    if (carrier === undefined) throw fault('no-carrier', '--carrier');
    const read = profileFromJson(readFileSync(profile, 'utf8'));
    if (!read.ok) throw fault('bad-profile', profile, read.fault.detail);
    return { action: DEFINE_PROFILE, change: { v: 1, epoch, carrier, profile: read.value } };
  }
  if (admitted.length + removed.length > 0) {
    if (carrier === undefined) throw fault('no-carrier', '--carrier');
    const change = { v: 1, epoch, carrier, after: removal, admitted, removed } as const;
    return { action: CHANGE_OBSERVERS, change };
  }
  if (contacts.length > 0) {
    if (carrier === undefined) throw fault('no-carrier', '--carrier');
    return { action: ADMIT_MEMBERS, change: { v: 1, epoch, carrier, contacts } };
  }
  const joining = add.map(file => {
    const { contact, join: wish } = readRequest(file, chain);
    if (wish === null) throw fault('bad-request', file, 'observer');
    if (wish.epoch !== epoch) throw fault('other-epoch', wish.epoch, epoch);
    return { code: contact.code, validator: wish.validator };
  });
  const leaving = leaves.map(code => ({ code, validator: null }));
  return {
    action: CHANGE_MEMBERS,
    change: { v: 1, epoch, members: [...joining, ...leaving].sort(byCode) },
  };
}

function tell(
  { lang, json, out }: Context,
  proposals: readonly Proposal[],
  set: SetNow,
  chain: Chain,
  headline: string,
  next: string | null,
  height: number | null = null,
): ExitCode {
  const contents = proposals.map(contentOf);
  const { action, change } = contents[0]!;
  const each = proposals.map(proposal => approvers(proposal, chain, set));
  const counted = each[0]!.filter(code => each.every(codes => codes.includes(code)));
  const observers = action === CHANGE_OBSERVERS ? change.admitted : [];
  const removes = action === CHANGE_OBSERVERS ? change.removed.map(code => ({ code })) : [];
  const named = (code: string): string => {
    const member = set.members.find(one => one.code === code);
    if (member !== undefined) return `${code} ${lang === 'zh' ? member.nameZh : member.nameEn}`;
    const observer = [...observers, ...set.observers].find(one => one.code === code);
    return observer === undefined ? code : `${code} ${observer.name}`;
  };
  const joins = action === CHANGE_MEMBERS ? change.members.filter(({ validator }) => validator !== null) : [];
  const leaves =
    action === CHANGE_MEMBERS ? change.members.filter(({ validator }) => validator === null) : [];
  const admits = action === ADMIT_MEMBERS ? change.contacts : observers;
  const defines = action === DEFINE_PROFILE ? change.profile : null;
  const profile = defines && { name: defines.name, version: defines.version };
  const publishers = publishersIn(contents);
  if (json) {
    const codes = (list: readonly { readonly code: string }[]) => list.map(({ code }) => code);
    const [joining, leaving, admitted, removed] = [joins, leaves, admits, removes].map(codes);
    const observed = { admits: admitted, removes: removed };
    const who = { action, epoch: change.epoch, ...observed, joins: joining, leaves: leaving, profile };
    const enrolled = publishers.map(publisherJson);
    out.json({ ...who, publishers: enrolled, approvals: counted, quorum: set.quorum, height });
    return EXIT.done;
  }
  const words = membersMessages(lang);
  const list = (codes: readonly { readonly code: string }[]): string | null =>
    codes.length === 0 ? null : codes.map(({ code }) => named(code)).join(', ');
  const alone = contents.every(({ change: of }) => 'home' in of && counted.includes(of.home));
  out.heading(true, headline, '');
  out.rows([
    [action === CHANGE_MEMBERS ? words.epoch : words.inEpoch, String(change.epoch)],
    [words.defines, profile && `${profile.name} ${profile.version}`],
    [words.admits, list(admits)],
    [words.removes, list(removes)],
    [words.joins, list(joins)],
    [words.leaves, list(leaves)],
    ...joins.map(({ code, validator }) => [code, toHex(validator!.key)] as const),
    ...publishers.map(one => publisherRow(one, words)),
    [words.approvals, alone ? words.ofHome : words.ofQuorum(counted.length, set.quorum)],
    [shellMessages(lang).next, next],
  ]);
  return EXIT.done;
}
