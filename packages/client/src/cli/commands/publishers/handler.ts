import { type Alteration, EXIT, type ExitCode, equalBytes, refuse, usageFault, visible } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { Outcome } from '../../../publishers/desk.ts';
import { differences, type PublisherView } from '../../../publishers/differences.ts';
import type { Item } from '../../../publishers/item.ts';
import { ALL_ROLES, keysOf, type Listed, listedOf, quotaOf, rolesOf } from '../../../publishers/roster.ts';
import type { Context } from '../../context.ts';
import { checkedUscc } from '../../keys.ts';
import { noApprover } from './approvers.ts';
import type { AddFlags, ChangeFlags, RekeyFlags, SetFlags } from './flags.ts';
import { madeKey } from './made-keys.ts';
import { publishersMessages } from './messages.ts';
import { asked, type Office, openOffice } from './session.ts';

/** One publisher, and what became of it. */
interface Done {
  readonly id: string;
  readonly outcome: Outcome;
}

/** Enrols one publisher. */
export async function add(
  code: string,
  flags: AddFlags,
  patienceMs: number,
  context: Context,
): Promise<ExitCode> {
  const office = await openOffice(flags, patienceMs, context);
  const { name, member, publicKey = [], roles = '', quota = '' } = flags;
  const texts = {
    code: checkedUscc(code, context),
    name,
    home: member,
    key: publicKey.join(' '),
    roles,
    quota,
  };
  const listed = listedOf(texts, office.members, nativeSuite.verifier, context.lang);
  if (!listed.ok) throw mistake(listed.fault, context);
  const { home, keys, ...rest } = listed.value;
  if (keys.length === 0 && flags.makeKey !== true)
    throw mistake(refuse('no-key', publishersMessages(context.lang).noKey).fault, context);
  if (!office.serves(home)) throw noApprover(home, context);
  const { id } = rest;
  const known = await asked(office.client.publisher(id), context);
  if (known !== null) return tell([{ id, outcome: compared(listed.value, known, context) }], context);
  const own = keys.length > 0 ? keys : [await madeKey(id, context)];
  return carryOut([{ home, id, enrolment: { ...rest, keys: own } }], [], office, context);
}

/** What becomes of an enrolment of a publisher that is enrolled: nothing, and what differs is named. */
export function compared(listed: Listed, known: PublisherView, { lang }: Pick<Context, 'lang'>): Outcome {
  const words = publishersMessages(lang);
  if (known.home !== listed.home)
    return { type: 'refused', code: 'other-home', detail: words.otherHome(known.home) };
  const other = differences(listed, known);
  if (other.length === 0) return { type: 'already' };
  return { type: 'refused', code: 'enrolled-otherwise', detail: words.otherwise(listed.id, other) };
}

/** Suspends publishers, or lets them record again. */
export async function setStatus(
  codes: readonly string[],
  status: 'active' | 'suspended',
  flags: ChangeFlags,
  patienceMs: number,
  context: Context,
): Promise<ExitCode> {
  return alter(codes, known => (known.status === status ? null : { status }), flags, patienceMs, context);
}

/** Gives a publisher other keys. */
export async function rekey(
  code: string,
  flags: RekeyFlags,
  patienceMs: number,
  context: Context,
): Promise<ExitCode> {
  const keys = keysOf(flags.publicKey.join(' '), nativeSuite.verifier, context.lang);
  if (!keys.ok) throw mistake(keys.fault, context);
  const same = (known: PublisherView) =>
    known.keys.length === keys.value.length && known.keys.every((key, i) => equalBytes(key, keys.value[i]!));
  return alter([code], known => (same(known) ? null : { keys: keys.value }), flags, patienceMs, context);
}

/** Sets what publishers may do, and how much a day. */
export async function setRights(
  codes: readonly string[],
  flags: SetFlags,
  patienceMs: number,
  context: Context,
): Promise<ExitCode> {
  const { roles, quota } = flags;
  const words = publishersMessages(context.lang);
  if (roles === undefined && quota === undefined)
    throw mistake(refuse('nothing-to-set', words.nothingToSet).fault, context);
  const { lang } = context;
  const parsed = { roles: rolesOf(roles ?? ALL_ROLES, lang), quota: quotaOf(quota ?? '', lang) };
  if (!parsed.roles.ok) throw mistake(parsed.roles.fault, context);
  if (!parsed.quota.ok) throw mistake(parsed.quota.fault, context);
  const rights = {
    ...(roles !== undefined && { roles: parsed.roles.value }),
    ...(quota !== undefined && { quota: parsed.quota.value }),
  };
  return alter(codes, () => rights, flags, patienceMs, context);
}

/** Changes publishers that are enrolled; `change` is null where one is so already. */
async function alter(
  codes: readonly string[],
  change: (known: PublisherView) => Partial<Alteration> | null,
  flags: ChangeFlags,
  patienceMs: number,
  context: Context,
): Promise<ExitCode> {
  const words = publishersMessages(context.lang);
  const ids = new Set(codes.map(code => checkedUscc(code, context)));
  const office = await openOffice(flags, patienceMs, context);
  const items: Item[] = [];
  const done: Done[] = [];
  for (const id of ids) {
    const known = await asked(office.client.publisher(id), context);
    if (known === null) {
      done.push({ id, outcome: { type: 'refused', code: 'unknown-publisher', detail: words.notEnrolled } });
      continue;
    }
    const { home, changed } = known;
    if (!office.serves(home)) throw noApprover(home, context);
    const to = change(known);
    const nothing = { status: null, keys: null, roles: null, quota: null };
    if (to === null) done.push({ id, outcome: { type: 'already' } });
    else items.push({ home, id, alteration: { id, after: changed, ...nothing, ...to } });
  }
  return carryOut(items, done, office, context);
}

async function carryOut(items: readonly Item[], done: Done[], office: Office, context: Context) {
  await office.carryOut(items, ({ id }, outcome) => done.push({ id, outcome }));
  return tell(done, context);
}

function tell(done: readonly Done[], context: Context): ExitCode {
  const { json, lang, out } = context;
  const words = publishersMessages(lang);
  if (json) out.json({ publishers: done.map(({ id, outcome }) => ({ id, ...jsonOf(outcome) })) });
  else
    for (const { id, outcome } of done) {
      const word = out.painted(
        outcome.type === 'pending' ? null : outcome.type !== 'refused',
        words[outcome.type],
      );
      const rest =
        outcome.type === 'ok'
          ? [words.record(outcome.index)]
          : outcome.type === 'refused' || outcome.type === 'pending'
            ? [outcome.code, outcome.detail]
            : [];
      out.line([word, id, ...rest.map(visible)].join('  '));
    }
  tellNext(done, context);
  return exitOf(done.map(({ outcome }) => outcome));
}

/** Says what is to be done with a proposal that was made. */
export function tellNext(done: readonly Pick<Done, 'outcome'>[], { json, lang, out }: Context): void {
  const proposed = done.find(({ outcome }) => outcome.type === 'proposed')?.outcome;
  if (!json && proposed?.type === 'proposed') out.line(publishersMessages(lang).proposedNext(proposed.file));
}

/** An outcome for programs: every key is there, null where it does not apply. */
export function jsonOf(outcome: Outcome) {
  const failed = outcome.type === 'refused' || outcome.type === 'pending' ? outcome : null;
  return {
    status: outcome.type,
    index: outcome.type === 'ok' ? outcome.index : null,
    code: failed?.code ?? null,
    detail: failed?.detail ?? null,
  };
}

/** 4 if anything was refused, else 3 if anything is pending, else 0. */
export function exitOf(outcomes: readonly Pick<Outcome, 'type'>[]): ExitCode {
  if (outcomes.some(({ type }) => type === 'refused')) return EXIT.refused;
  return outcomes.some(({ type }) => type === 'pending') ? EXIT.unreachable : EXIT.done;
}

function mistake({ code, detail }: { readonly code: string; readonly detail: string }, { lang }: Context) {
  return usageFault(code, detail, publishersMessages(lang).mistakeNext);
}
