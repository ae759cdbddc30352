import { existsSync, readFileSync } from 'node:fs';
import { fromHex, type Genesis, isUscc } from '@qifeng/core';
import { fault } from '../../complaints.ts';
import { publisherEntry, type SeedPublisher } from '../../genesis-plan.ts';

/** A publisher as the list of `--publishers` has it. */
interface ListedPublisher extends SeedPublisher {
  readonly keys: readonly string[];
}

/** Reads the list of `--publishers`; none without it. */
export function readPublishers(file: string | undefined): Genesis['publishers'] {
  if (file === undefined) return [];
  if (!existsSync(file)) throw fault('bad-publishers', file);
  const listed = parsed(readFileSync(file, 'utf8'));
  if (!Array.isArray(listed) || !listed.every(isListed)) throw fault('bad-publishers', file);
  return listed.map(publisher =>
    publisherEntry(
      publisher,
      publisher.keys.map(key => keyOf(key, file)),
    ),
  );
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
  const { id, name, home, roles, quota, keys } = value as Partial<Record<keyof ListedPublisher, unknown>>;
  const texts = (list: unknown) => Array.isArray(list) && list.every(one => typeof one === 'string');
  return (
    typeof id === 'string' &&
    isUscc(id) &&
    typeof name === 'string' &&
    typeof home === 'string' &&
    texts(roles) &&
    (quota === undefined || (Number.isSafeInteger(quota) && (quota as number) >= 0)) &&
    texts(keys)
  );
}

function keyOf(hex: string, file: string): Uint8Array {
  const key = fromHex(hex);
  if (!key.ok || key.value.length !== 32) throw fault('bad-publishers', file);
  return key.value;
}
