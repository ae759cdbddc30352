import { type Enrolment, rolesToTexts, toHex } from '@qifeng/core';
import type { NodeClient } from '../sdk/client.ts';

/** A publisher as a node has it. */
export type PublisherView = NonNullable<Awaited<ReturnType<NodeClient['publisher']>>>;

/** What an enrolment says of a publisher beside its code and its home. */
export type Particular = 'name' | 'keys' | 'roles' | 'quota';

/** In what an enrolment differs from a publisher as it is enrolled; one without keys says nothing of them. */
export function differences(
  { name, keys, roles, quota }: Omit<Enrolment, 'id'>,
  known: Pick<PublisherView, Particular>,
): readonly Particular[] {
  const sameKeys = keys.length === 0 || inOrder(keys) === inOrder(known.keys);
  const same = {
    name: name === known.name,
    keys: sameKeys,
    roles: rolesToTexts(roles).join() === known.roles.join(),
    quota: quota === known.quota,
  };
  return (['name', 'keys', 'roles', 'quota'] as const).filter(one => !same[one]);
}

/** Keys whose order does not matter. */
function inOrder(keys: readonly Uint8Array[]): string {
  return keys.map(toHex).sort().join();
}
