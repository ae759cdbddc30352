import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type Digest,
  type Entry,
  type ExitCode,
  isSealedId,
  type Link,
  NO_STATE,
  type Profile,
  RECEIPT_SUFFIX,
  type Subject,
  usageFault,
} from '@qifeng/core';
import type { NodeClient } from '../../../sdk/client.ts';
import type { Item, Target } from '../../../stamp/item.ts';
import { digestAlg, fileDigest } from '../../asked.ts';
import type { Context } from '../../context.ts';
import { requireFile } from '../../files.ts';
import { receiptsFolder } from '../../home.ts';
import { loadKey } from '../../keys.ts';
import { parseMeta } from '../../meta.ts';
import { nodeComplaint, quickClient, requireNodes } from '../../nodes.ts';
import { originIn } from '../../origin.ts';
import { beginSealing, type Sealer, saysTheSame, sealedProfile } from '../../sealing.ts';
import { checkCharacterFault, type NamedSubject, parseSubject, parseUnnamed } from '../../subject-path.ts';
import { choiceText } from '../../titles.ts';
import { registerOf, requireChain } from '../../trust.ts';
import { type EntryPlan, idByFields, itemOf, withTitle } from '../stamp/entries.ts';
import { summary } from '../stamp/handler.ts';
import { findAction, receiptName } from '../stamp/request.ts';
import { Work } from '../stamp/work.ts';
import type { ActFlags } from './flags.ts';
import { actMessages } from './messages.ts';

/** What `act` was asked to do, as it was typed. */
export interface ActRequest {
  readonly subject: string;
  readonly action: string;
  readonly file: string | undefined;
  readonly flags: ActFlags;
}

/** Records one action; see the help of `qifeng act`. */
export async function act(request: ActRequest, patienceMs: number, context: Context): Promise<ExitCode> {
  const { flags, file } = request;
  const unnamed = parseUnnamed(request.subject);
  const { profile } = unnamed ?? requireSubject(request.subject, context);
  const alg = digestAlg(flags.digest, context);
  const chain = await requireChain(flags.genesis, context);
  const names = registerOf(chain, context);
  const { action, rule, naming } = await findAction(profile, request.action, names, context, known =>
    possibleNext(known, request.subject, context),
  );
  const meta = await parseMeta(flags.meta ?? [], rule, context);
  const named = subjectOf(request.subject, { meta, naming }, context);
  const { subject } = named;
  const linked = (flags.link ?? []).map(link => linkOf(link, context));
  const seen = flags.prev === undefined ? null : indexOf(flags.prev, context);
  await names.learn({ profiles: linked.map(({ to }) => to.profile) }, null);
  const digest = file === undefined ? null : await digestOf(file, alg, context);
  const target = targetOf(named, action, file, flags.receipts, context);
  const fields = rule !== null && target.file !== null ? withTitle({ meta, rule }, target.file) : meta;
  const draft: Entry = {
    profile,
    action,
    subject,
    digest,
    prev: null,
    links: [],
    meta: fields,
    origin: flags.origin === undefined ? null : await originIn(flags.origin, context.io.cwd, context),
  };
  if (sealedProfile(profile, names) === null && !flags.sealed) itemOf(draft, target, null, context);
  const key = await loadKey(flags, context);
  const sealer = await beginSealing(profile, names, key, context, flags.sealed);
  const idOf = async (of: NamedSubject) =>
    sealedSubject(of, await beginSealing(of.profile, names, key, context));
  const client = await requireNodes(context);
  const links: Link[] = [];
  for (const link of linked) {
    const of = await idOf(link.to);
    links.push({
      rel: link.rel,
      subject: of,
      index: link.index ?? (await headOf(link, of, client, context)),
    });
  }
  const plain: Entry = { ...draft, links, subject: sealedSubject(named, sealer) };
  itemOf(plain, target, sealer, context);
  const work = await Work.begin(names, key, patienceMs, context);
  try {
    await work.resume();
    if (!isResumed(plain, linked, work)) {
      const prev = seen ?? (await client.subject(profile, plain.subject))?.standing.head ?? null;
      await work.send([itemOf({ ...plain, prev }, target, sealer, context)]);
    }
  } catch (error) {
    throw nodeComplaint(error, context);
  } finally {
    await work.end();
  }
  return summary(work, [target], context);
}

/** A link as it was typed. */
interface NamedLink {
  readonly text: string;
  readonly rel: string;
  readonly to: NamedSubject;
  /** Null: the last record that a node knows. */
  readonly index: number | null;
}

/** `PROFILE/ISSUER/ID`; complains about anything else. */
export function requireSubject(text: string, { lang }: Context): NamedSubject {
  const named = parseSubject(text);
  if (named !== null) return named;
  const words = actMessages(lang);
  throw (
    checkCharacterFault(text, lang) ?? usageFault('bad-subject', words.badSubject(text), words.badSubjectNext)
  );
}

/** The subject that was typed; of `PROFILE/ISSUER` alone the one that the fields name. Complains where they name none. */
function subjectOf(text: string, fields: Pick<EntryPlan, 'meta' | 'naming'>, context: Context): NamedSubject {
  const unnamed = parseUnnamed(text);
  if (unnamed === null) return requireSubject(text, context);
  const { profile, issuer } = unnamed;
  const id = idByFields(fields);
  if (id !== undefined) return { profile, subject: { issuer, id } };
  const words = actMessages(context.lang);
  throw usageFault('bad-subject', words.unnamed(text, fields.naming ?? ['number']), words.badSubjectNext);
}

/**
 * Whether the earlier run that was just taken up had signed this very action, which then is not signed again; a subject that it
 * links to may have gone on since.
 */
function isResumed(plain: Entry, linked: readonly NamedLink[], { reported }: Work): boolean {
  const asThen = ({ entry, opening }: Item): Entry => {
    const then = (i: number) => (linked[i]!.index === null ? entry.links[i]?.index : undefined);
    const links = plain.links.map((link, i) => ({ ...link, index: then(i) ?? link.index }));
    return opening === null ? { ...plain, links } : plain;
  };
  return reported.some(({ item, outcome }) => outcome.type !== 'refused' && saysTheSame(item, asThen(item)));
}

/** What can be done to a subject as it stands by a node's word; the help where no node says. */
async function possibleNext(known: Profile, text: string, context: Context): Promise<string> {
  const words = actMessages(context.lang);
  const named = parseSubject(text);
  const client = await quickClient(context);
  // The ledger has a sealed subject under another id.
  const isHidden = known.privacy === 'sealed' && named !== null && !isSealedId(named.subject.id);
  if (client === null || isHidden) return words.seeHelp;
  const answer = named && (await client.subject(known.name, named.subject).catch(() => undefined));
  if (answer === undefined) return words.seeHelp;
  const state = answer?.standing.state ?? NO_STATE;
  const possible = known.actions.filter(({ from }) => from.includes(state));
  const [at] = known.states.filter(({ name }) => name === state);
  return words.possible(
    at === undefined ? state : choiceText([at], context.lang),
    choiceText(possible, context.lang),
  );
}

/** The receipt goes beside the file, but not in the place of one that stands there; without a file to the home. */
function targetOf(
  { subject }: NamedSubject,
  action: string,
  file: string | undefined,
  receipts: string | undefined,
  { io, home }: Context,
): Target {
  const folder = receipts === undefined ? receiptsFolder(home) : resolve(io.cwd, receipts);
  const name = receiptName(subject.id, action);
  if (file === undefined) return { file: null, receipt: join(folder, name) };
  const path = resolve(io.cwd, file);
  if (receipts !== undefined) return { file: path, receipt: join(folder, name) };
  const beside = path + RECEIPT_SUFFIX;
  return { file: path, receipt: existsSync(beside) ? `${path}.${action}${RECEIPT_SUFFIX}` : beside };
}

async function digestOf(file: string, alg: Digest['alg'], context: Context): Promise<Digest> {
  const path = resolve(context.io.cwd, file);
  await requireFile(path, file, context);
  return fileDigest(file, alg, context);
}

/** A subject as the ledger has it. */
function sealedSubject({ profile, subject }: NamedSubject, sealer: Sealer | null): Subject {
  return sealer === null
    ? subject
    : { ...subject, id: sealer.subjectId(profile, subject.issuer, subject.id) };
}

function linkOf(text: string, { lang }: Context): NamedLink {
  const [, rel = '', path = '', index] = /^([a-z][a-z0-9-]{0,31})=(.+?)(?:@([0-9]{1,15}))?$/.exec(text) ?? [];
  const to = parseSubject(path);
  if (to !== null) return { text, rel, to, index: index === undefined ? null : Number(index) };
  const words = actMessages(lang);
  throw checkCharacterFault(path, lang) ?? usageFault('bad-link', words.badLink(text), words.badLinkNext);
}

/** The last record of a linked subject, by a node's word; the ledger refuses another. */
async function headOf({ text, to }: NamedLink, subject: Subject, client: NodeClient, context: Context) {
  const found = await client.subject(to.profile, subject).catch((error: unknown) => {
    throw nodeComplaint(error, context);
  });
  if (found !== null) return found.standing.head;
  const words = actMessages(context.lang);
  throw usageFault('bad-link', words.noLinked(text), words.noLinkedNext);
}

function indexOf(text: string, { lang }: Context): number {
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  const words = actMessages(lang);
  throw usageFault('bad-prev', words.badPrev(text), words.badPrevNext);
}
