import { stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { namingFields, type Profile, type ProfileAction, RECEIPT_SUFFIX, usageFault } from '@qifeng/core';
import { filesBelow } from '../../../files/collect.ts';
import type { Register } from '../../../register/register.ts';
import type { Target } from '../../../stamp/item.ts';
import type { Context } from '../../context.ts';
import { fileError, requireFile } from '../../files.ts';
import { quickClient } from '../../nodes.ts';
import { profileNamed } from '../../profile-named.ts';
import { choiceText, namesTyped } from '../../titles.ts';
import type { EntryPlan } from './entries.ts';
import { stampMessages } from './messages.ts';

/** The files of a run in order, each once, with the place of its receipt. Complains with 2 before anything is done. */
export async function collectTargets(
  files: readonly string[],
  folders: readonly string[],
  receipts: string | undefined,
  context: Context,
): Promise<readonly (Target & { readonly file: string })[]> {
  const { io, lang } = context;
  const words = stampMessages(lang);
  /** Each path with its name below the folder it came from. */
  const paths = new Map<string, string>();
  for (const file of files) {
    const path = resolve(io.cwd, file);
    await requireFile(path, file, context);
    if (file.endsWith(RECEIPT_SUFFIX))
      throw usageFault('is-receipt', words.isReceipt(file), words.isReceiptNext);
    paths.set(path, basename(path));
  }
  for (const folder of folders) {
    const root = resolve(io.cwd, folder);
    for (const path of await below(root, folder, context)) paths.set(path, relative(root, path));
  }
  if (paths.size === 0) throw usageFault('no-files', words.noFiles, words.noFilesNext);
  const place = receipts === undefined ? null : resolve(io.cwd, receipts);
  const targets = [...paths].map(([file, name]) => ({
    file,
    receipt: (place === null ? file : join(place, name)) + RECEIPT_SUFFIX,
  }));
  const seen = new Set<string>();
  for (const { receipt } of targets) {
    if (seen.has(receipt))
      throw usageFault('same-receipt', words.sameReceipt(receipt), words.sameReceiptNext);
    seen.add(receipt);
  }
  return targets;
}

/** An action of a profile by their names, whichever way they were typed; `rule` is null where the profile is not known. */
export interface NamedAction {
  readonly profile: string;
  readonly action: string;
  readonly rule: ProfileAction | null;
  /** The fields that name what it begins, if any. */
  readonly naming: EntryPlan['naming'];
}

/**
 * The action that is asked for, by name or title. Where the genesis does not hold it, a node is asked, as it may have been
 * registered later. Complains about an action that a known profile lacks, where
 * `next` says what to do then, and about a profile that can be none.
 */
export async function findAction(
  typedProfile: string,
  typedAction: string,
  names: Register,
  context: Context,
  next?: (known: Profile) => Promise<string>,
): Promise<NamedAction> {
  const { lang } = context;
  const words = stampMessages(lang);
  const profile = await profileNamed(typedProfile, names, context);
  const wanted = { profiles: [profile] };
  const lookUp = (): Profile | undefined => names.profile(profile)?.profile;
  const found = () => namesTyped(typedAction, lookUp()?.actions ?? []);
  await names.learn(wanted, null);
  if (found().length === 0) await names.learn(wanted, await quickClient(context));
  const known = lookUp();
  if (known === undefined) return { profile, action: typedAction, rule: null, naming: null };
  const [action, ...more] = found();
  if (action === undefined || more.length > 0) {
    const actions = choiceText(known.actions, lang);
    const what = words.unknownAction(typedAction, actions);
    throw usageFault('unknown-action', what, (await next?.(known)) ?? words.seeProfile(profile));
  }
  const rule = known.actions.find(({ name }) => name === action)!;
  return { profile, action, rule, naming: namingFields(known, rule) };
}

/** The name of a receipt that has no file to stand beside. A file name holds 255 bytes at most on most systems. */
export function receiptName(id: string, action: string): string {
  return `${encodeURIComponent(id).slice(0, 180)}.${action}${RECEIPT_SUFFIX}`;
}

async function below(path: string, folder: string, context: Context): Promise<readonly string[]> {
  const words = stampMessages(context.lang);
  try {
    const found = (await stat(path)).isDirectory() ? await filesBelow(path) : [];
    if (found.length > 0) return found;
  } catch (error) {
    throw fileError(error, folder, context);
  }
  throw usageFault('empty-dir', words.emptyDir(folder), words.emptyDirNext);
}
