import { bytesOfHex, type Enrolment } from '@qifeng/core';
import { expect, it } from 'vitest';
import { differences, type Particular } from './differences.ts';

const key = (n: number) => bytesOfHex(n.toString(16).padStart(64, '0'))!;
const KNOWN = { name: '演示企业', keys: [key(2), key(1)], roles: ['note:actor', 'policy'], quota: 5 };
const SAME: Omit<Enrolment, 'id'> = {
  name: '演示企业',
  keys: [key(1), key(2)],
  roles: [
    { profile: 'note', role: 'actor' },
    { profile: 'policy', role: 'issuer' },
  ],
  quota: 5,
};

it.each<[readonly Particular[], Partial<Enrolment>]>([
  [[], {}],
  // It says nothing of keys.
  [[], { keys: [] }],
  [['keys'], { keys: [key(1)] }],
  [['keys'], { keys: [key(1), key(3)] }],
  [['roles'], { roles: [] }],
  [['roles'], { roles: [SAME.roles[0]!, { profile: 'policy', role: 'supervisor' }] }],
  [['quota'], { quota: 0 }],
  [['name'], { name: '演示' }],
  [['name', 'keys', 'roles', 'quota'], { name: '演示', keys: [key(4)], roles: [], quota: 6 }],
])('an enrolment differs in %j', (found, over) =>
  expect(differences({ ...SAME, ...over }, KNOWN)).toEqual(found),
);
