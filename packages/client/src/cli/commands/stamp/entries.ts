import { basename, extname } from 'node:path';
import {
  CliError,
  type Digest,
  type Entry,
  EXIT,
  type MetaValue,
  NO_STATE,
  namedId,
  normalId,
  type Origin,
  type ProfileAction,
  toHex,
} from '@qifeng/core';
import { type Item, makeItem, type Target } from '../../../stamp/item.ts';
import type { Context } from '../../context.ts';
import type { Sealer } from '../../sealing.ts';
import { stampMessages } from './messages.ts';

/** What the entries of a run have in common. */
export interface EntryPlan {
  readonly profile: string;
  readonly action: string;
  /** The action as its profile has it, if that is known. */
  readonly rule: ProfileAction | null;
  /** The fields that name the subject, if its profile says so. */
  readonly naming: readonly string[] | null;
  readonly issuer: string;
  /** `--subject`. */
  readonly subject: string | undefined;
  readonly meta: ReadonlyMap<string, MetaValue>;
  /** Of a sealed profile. */
  readonly sealer: Sealer | null;
  /** `--digest`. */
  readonly alg: Digest['alg'];
  /** `--origin`. */
  readonly origin: Origin | null;
}

/** A file with its digest. */
export interface Hashed {
  readonly target: Target & { readonly file: string };
  readonly digest: Digest;
}

/**
 * One item a subject: subject id is `--subject`, else what the fields name, else the digest in hex; so files of the same
 * content share an item. Complains with 2 about fields that no entry can have.
 */
export function buildItems(files: readonly Hashed[], plan: EntryPlan, prev: number | null, context: Context) {
  const items = new Map<string, Item>();
  for (const { target, digest } of files) {
    // Under seal an id of 64 hex digits is one of the ledger, which tells nothing; a plain digest would.
    const own = plan.sealer === null ? toHex(digest.hash) : `${digest.alg}:${toHex(digest.hash)}`;
    const id = typedId(plan.subject) ?? idByFields(plan) ?? own;
    const before = items.get(id);
    if (before !== undefined) {
      items.set(id, { ...before, targets: [...before.targets, target] });
      continue;
    }
    const entry: Entry = {
      profile: plan.profile,
      action: plan.action,
      subject: { issuer: plan.issuer, id },
      digest,
      prev,
      links: [],
      meta: withTitle(plan, target.file),
      origin: plan.origin,
    };
    items.set(id, itemOf(entry, target, plan.sealer, context));
  }
  return [...items.values()];
}

/** An item of one entry in the open, which the sealer of a sealed profile seals, or the complaint about what it cannot hold. */
export function itemOf(
  plain: Entry,
  target: Target,
  sealer: Sealer | null,
  { lang }: Pick<Context, 'lang'>,
): Item {
  try {
    if (sealer === null) return makeItem(plain, [target]);
    const { entry, opening } = sealer.seal(plain);
    return makeItem(entry, [target], opening);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const words = stampMessages(lang);
    throw new CliError(EXIT.usage, 'bad-entry', {
      what: words.badEntry(target.file ?? plain.subject.id),
      why: error.message,
      next: words.badEntryNext,
    });
  }
}

/** Whether an action begins histories, so that none is to be asked about: they go on after no record. */
export function begins({ action, rule }: Pick<EntryPlan, 'action' | 'rule'>): boolean {
  return action === 'publish' || (rule?.from.includes(NO_STATE) ?? false);
}

/** The id of a subject as it was named, if it was; `act` and `status` read it so too. */
export function typedId(id: string | undefined): string | undefined {
  return id === undefined ? undefined : normalId(id);
}

/** The subject's id by default: as the profile names subjects by their fields, else meta `number` where it is a text. */
export function idByFields({ meta, naming }: Pick<EntryPlan, 'meta' | 'naming'>): string | undefined {
  if (naming !== null) return namedId(naming, meta) ?? undefined;
  const number = meta.get('number');
  return typeof number === 'string' && number !== '' ? normalId(number) : undefined;
}

/** Bytes of a title where no profile bounds it. */
const MAX_TITLE_BYTES = 512;

/** The fields, with the file's name as title unless one was given or the action has no such field. */
export function withTitle(
  { meta, rule }: Pick<EntryPlan, 'meta' | 'rule'>,
  file: string,
): Map<string, MetaValue> {
  const field = rule?.fields.find(({ name }) => name === 'title');
  if (meta.has('title') || (rule !== null && field?.type !== 'text')) return new Map(meta);
  const name = basename(file, extname(file)).replace(/\p{Cc}/gu, ' ');
  return new Map([...meta, ['title', cut(name, field?.max || MAX_TITLE_BYTES)]]);
}

/** The longest beginning of a text of at most `max` UTF-8 bytes, characters whole. */
function cut(text: string, max: number): string {
  let length = 0;
  let end = 0;
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > max) break;
    end += character.length;
  }
  return text.slice(0, end);
}
