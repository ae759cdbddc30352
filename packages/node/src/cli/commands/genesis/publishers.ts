import { existsSync, readFileSync } from 'node:fs';
import { fromHex, type Genesis, isUscc } from '@qifeng/core';
import { fault } from '../../complaints.ts';

/** A publisher as the list of `--publishers` has it. */
interface ListedPublisher {
  readonly id: string;
  readonly name: string;
  readonly home: string;
  readonly profiles: readonly string[];
  readonly keys: readonly string[];
}

/** Reads the list of `--publishers`; none without it. */
export function readPublishers(file: string | undefined): Genesis['publishers'] {
  if (file === undefined) return [];
  if (!existsSync(file)) throw fault('bad-publishers', file);
  const listed = parsed(readFileSync(file, 'utf8'));
  if (!Array.isArray(listed) || !listed.every(isListed)) throw fault('bad-publishers', file);
  return listed.map(({ id, name, home, profiles, keys }) => ({
    id,
    name,
    home,
    profiles: [...profiles].sort(),
    keys: keys.map(key => keyOf(key, file)),
  }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isListed(value: unknown): value is ListedPublisher {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, home, profiles, keys } = value as Partial<Record<keyof ListedPublisher, unknown>>;
  const texts = (list: unknown) => Array.isArray(list) && list.every(one => typeof one === 'string');
  return (
    typeof id === 'string' &&
    isUscc(id) &&
    typeof name === 'string' &&
    typeof home === 'string' &&
    texts(profiles) &&
    texts(keys)
  );
}

function keyOf(hex: string, file: string): Uint8Array {
  const key = fromHex(hex);
  if (!key.ok || key.value.length !== 32) throw fault('bad-publishers', file);
  return key.value;
}
