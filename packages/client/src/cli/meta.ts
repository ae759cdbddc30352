import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type MetaScalar,
  type MetaValue,
  normalNumber,
  type ProfileAction,
  type ProfileField,
  parseJson,
  usageFault,
} from '@qifeng/core';
import { stampMessages } from './commands/stamp/messages.ts';
import type { Context } from './context.ts';
import { fileError } from './files.ts';
import { namesTyped } from './titles.ts';

/** Names of fields. */
export const FIELD_NAME = /^[a-z][a-z0-9-]{0,31}$/;

/**
 * The fields of `--meta`: `NAME=VALUE`, of the type that the action's profile gives the field, else text, and `@FILE` with
 * a JSON object. What is typed goes before what a file
 * says, and is typed once; a list field collects them, and `、` separates several in one. Document numbers get their brackets 〔 〕, in a file as
 * well. Complains with 2.
 */
export async function parseMeta(
  options: readonly string[],
  action: ProfileAction | null,
  context: Context,
): Promise<Map<string, MetaValue>> {
  const words = stampMessages(context.lang);
  const meta = new Map<string, MetaValue>();
  const typed = new Set<string>();
  for (const option of options) {
    if (option.startsWith('@')) {
      for (const [name, value] of await metaFile(option.slice(1), context))
        meta.set(
          name,
          typeof value === 'string' && isNumber(name, action?.fields) ? normalNumber(value) : value,
        );
      continue;
    }
    const at = option.indexOf('=');
    const name = fieldNamed(option.slice(0, at), action);
    if (at < 0 || !FIELD_NAME.test(name))
      throw usageFault('bad-meta', words.badMeta(option), words.badMetaNext);
    const value = option.slice(at + 1);
    if (typed.has(name) && !Array.isArray(meta.get(name)))
      throw usageFault('bad-meta', words.metaTwice(name), words.badMetaNext);
    typed.add(name);
    meta.set(name, fieldValue(name, value, action, meta.get(name), context));
  }
  return meta;
}

/** The name of a field that was typed by name or title; as it was typed where the action has none that is called so. */
export function fieldNamed(typed: string, action: ProfileAction | null): string {
  const [name = typed, ...more] = namesTyped(typed, action?.fields ?? []);
  return more.length === 0 ? name : typed;
}

/**
 * The value of a field by the text that was typed for it, of the type that the profile gives it; a list goes on after
 * `before`. Complains with 2.
 */
export function fieldValue(
  name: string,
  text: string,
  action: ProfileAction | null,
  before: MetaValue | undefined,
  context: Context,
): MetaValue {
  if (isNumber(name, action?.fields)) return normalNumber(text);
  const field = action?.fields.find(known => known.name === name);
  return typedValue(text, name, field, before, context);
}

/** Whether a field is a document number: by the profile, or by its name where that is not known. */
function isNumber(name: string, fields: readonly ProfileField[] | undefined): boolean {
  const type = fields?.find(field => field.name === name)?.type;
  return type === undefined ? name === 'number' : type === 'document-number';
}

function typedValue(
  text: string,
  name: string,
  field: ProfileField | undefined,
  before: MetaValue | undefined,
  { lang }: Context,
): MetaValue {
  const type = field?.type ?? 'text';
  const words = stampMessages(lang);
  if (type === 'texts' || type === 'issuers')
    return [...(Array.isArray(before) ? before : []), ...text.split('、')];
  if (type === 'code') return text.replace(/\s/g, '').toUpperCase();
  if (type === 'integer' && /^-?[0-9]{1,15}$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (type === 'integer' || type === 'boolean')
    throw usageFault('bad-value', words.badValue(name, text, type), words.badValueNext);
  return text;
}

async function metaFile(path: string, context: Context): Promise<readonly (readonly [string, MetaValue])[]> {
  const words = stampMessages(context.lang);
  let text: string;
  try {
    text = await readFile(resolve(context.io.cwd, path), 'utf8');
  } catch (error) {
    throw fileError(error, path, context);
  }
  const fields = fieldsOf(text);
  if (fields === null) throw usageFault('bad-meta', words.badMetaFile(path), words.badMetaFileNext);
  return fields;
}

function fieldsOf(text: string): readonly (readonly [string, MetaValue])[] | null {
  const json = parseJson(text);
  if (!json.ok || typeof json.value !== 'object' || json.value === null || Array.isArray(json.value))
    return null;
  const fields = Object.entries(json.value) as [string, unknown][];
  return fields.every(
    (field): field is [string, MetaValue] => FIELD_NAME.test(field[0]) && isMetaValue(field[1]),
  )
    ? fields
    : null;
}

/** Whether a value of JSON can be that of a field. */
export function isMetaValue(value: unknown): value is MetaValue {
  return Array.isArray(value) ? value.every(isScalar) : isScalar(value);
}

function isScalar(value: unknown): value is MetaScalar {
  return value === null || ['string', 'boolean'].includes(typeof value) || Number.isSafeInteger(value);
}
