import { readFileSync } from 'node:fs';
import { encode, type Profile, profileCodec, profileFromJson } from '@qifeng/core';
import { describe, expect, it } from 'vitest';
import { SYSTEMS } from '../systems/scripts/all.ts';
import { walkFlaws } from './profile-walk.ts';
import { readProfileFiles } from './seed-set.ts';

/** Bytes of a governance record that registers a profile, at most, with what else it says. */
const ENTRY_ROOM = 15 * 1024;

const files = readProfileFiles();
const profiles = files.map(({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)) as Profile);

describe('the profiles', () => {
  it.each(files)(
    '$name is a profile, in a file of its name, and fits a record that registers it',
    ({ name, bytes }) => {
      const read = profileFromJson(new TextDecoder().decode(bytes));
      expect(read.ok ? null : read.fault.detail).toBeNull();
      if (!read.ok) return;
      expect(`${read.value.name}.json`).toBe(name);
      expect(encode(profileCodec, read.value).length).toBeLessThan(ENTRY_ROOM);
    },
  );

  it('link to profiles and states that there are', () => {
    const known = new Map(profiles.map(({ name, states }) => [name, states.map(state => state.name)]));
    const rules = profiles.flatMap(({ name, actions }) =>
      actions.flatMap(({ links }) => links.map(rule => ({ of: name, ...rule }))),
    );
    for (const { profile, states } of rules)
      expect(known.get(profile)).toEqual(expect.arrayContaining([...states]));
  });

  it('let every action be taken from every state it names, with every field and relation', () => {
    expect(walkFlaws(profiles)).toEqual([]);
  });

  it('take no file with what a sealed subject comes back from: the file that its holder has would not be the present one', () => {
    const muddled = profiles
      .filter(({ privacy }) => privacy === 'sealed')
      .flatMap(({ name, states, actions }) => {
        const inForce = states.filter(({ standing }) => standing === 'in-force').map(state => state.name);
        const comesBack = (state: string) =>
          !inForce.includes(state) &&
          actions.some(({ from, to }) => from.includes(state) && inForce.includes(to));
        return actions
          .filter(({ digest, to }) => digest !== 'none' && comesBack(to))
          .map(action => `${name} ${action.name}`);
      });
    expect(muddled).toEqual([]);
  });

  it('are each used by one of the systems', () => {
    const used = new Set(SYSTEMS.flatMap(system => system.profiles));
    expect(profiles.map(({ name }) => name).filter(name => !used.has(name))).toEqual([]);
  });

  it('are what the systems say they use', () => {
    for (const { name, steps, profiles: said } of SYSTEMS) {
      const typed = steps.flatMap(({ run }) =>
        [...run.matchAll(/\bact ([a-z-]+)\//g)].map(([, profile]) => profile),
      );
      expect(said, name).toEqual(expect.arrayContaining(typed));
      const page = readFileSync(new URL(`../../docs/systems/${name}.md`, import.meta.url), 'utf8');
      for (const profile of said) expect(page, name).toContain(`[\`${profile}\`]`);
    }
  });
});

describe('a planted fault in a profile', () => {
  const bill = profiles.find(({ name }) => name === 'bill')!;
  const change = (over: Partial<Profile['actions'][number]>, name = 'book'): Profile => ({
    ...bill,
    actions: bill.actions.map(action => (action.name === name ? { ...action, ...over } : action)),
  });
  const link = { rel: 'x', profile: 'bill', required: true, states: ['booked'], owner: false };

  it.each<[string, Profile, string[]]>([
    [
      'a link to what needs itself',
      change({ links: [link] }),
      ['bill book from issued: no-such-link', 'bill: nothing comes to booked'],
    ],
    [
      'a field that cannot hold its format',
      change({ fields: [{ ...bill.actions[0]!.fields[0]!, max: 4 }] }),
      ['bill book from issued: bad-field', 'bill: nothing comes to booked'],
    ],
  ])('is found: %s', (_, profile, flaws) => {
    expect(walkFlaws([profile])).toEqual(expect.arrayContaining(flaws));
    expect(walkFlaws([bill])).toEqual([]);
  });
});
