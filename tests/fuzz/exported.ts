import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { viewsOf } from '../house-rules/rules/lexer.ts';
import { ROOT, sourceTree } from '../house-rules/source-tree.ts';

/** Something that a package exports and that reads bytes or texts of others. */
export interface Exported {
  /** `packages/core/src/records/entry.ts entryCodec`. */
  readonly name: string;
  readonly value: unknown;
}

const SOURCE = /^packages\/(?:core|node|client)\/src\/(?!(?:.*\/)?testing\/).*(?<!\.test|\.bench)\.ts$/;
const FUNCTION = /^export function (\w+)(.*?) \{$/gms;
/** Bytes or a text as the first parameter, or `bytes` as any; what names a file is none. */
const GIVEN =
  /^(?:<[^(]*>)?\(\s*(?:\w+: Uint8Array|(?!(?:file|path|home|folder)\b)\w+: string)\b|\bbytes: Uint8Array\b/;
const STREAM = /^export class (\w+Reader)\b/gm;

/**
 * All of the sources that reads what others wrote: whatever is a codec or a JSON view once it is loaded, functions that
 * make a `Result` of bytes or of a text or are called decode…, parse… or read…, and the readers of streams.
 */
export async function exportedDecoders(): Promise<readonly Exported[]> {
  const found: Exported[] = [];
  for (const { path, text } of sourceTree()) {
    if (!SOURCE.test(path)) continue;
    const { bare } = viewsOf(text);
    const named = [...decodersIn(bare)];
    if (named.length === 0 && !/^export const \w+(?:: \w*Codec\b| = (?!\())/m.test(bare)) continue;
    const module: Record<string, unknown> = await import(pathToFileURL(join(ROOT, path)).href);
    for (const [name, value] of Object.entries(module))
      if (named.includes(name) || isCodec(value)) found.push({ name: `${path} ${name}`, value });
  }
  return found;
}

/** Names of the functions and classes of a source that read what others wrote. */
export function* decodersIn(source: string): Generator<string> {
  for (const [, name = '', header = ''] of source.matchAll(FUNCTION)) {
    const result = header.lastIndexOf('): ');
    const given = GIVEN.test(header.slice(0, result));
    if (/^(?:decode|parse)[A-Z]/.test(name)) yield name;
    else if (given && (header.startsWith('Result<', result + 3) || /^read[A-Z]/.test(name))) yield name;
  }
  for (const [, name] of source.matchAll(STREAM)) yield name!;
}

/** Whether a value is a codec of bytes or the JSON view of a type. */
export function isCodec(value: unknown): boolean {
  const has = (...names: readonly string[]) =>
    names.every(name => typeof (value as Record<string, unknown>)[name] === 'function');
  return typeof value === 'object' && value !== null && (has('read', 'write') || has('toJson', 'fromJson'));
}
