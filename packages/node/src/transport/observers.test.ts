import { afterEach, describe, expect, it } from 'vitest';
import type { Contact } from '../ports/transport.ts';
import { type Member, memberAt, membersOf, stopAll, until } from './testing/group.ts';

const CITIES = ['530100', '530300'] as const;
const COURT = '11430000006122244L';

const running: Member[] = [];
afterEach(() => stopAll(running.splice(0)));

/** Started transports of some members and of observers with these codes, who all know each other. */
async function chainOf(count: number, observers: readonly string[]) {
  const contacts = (await membersOf(count + observers.length)).map((contact, i) =>
    i < count ? contact : { ...contact, code: observers[i - count]! },
  );
  const all = contacts.map(({ code }, i) => memberAt(i, contacts, { me: code }));
  running.push(...all);
  await Promise.all(all.map(({ transport }) => transport.start()));
  const [members, following] = [all.slice(0, count), all.slice(count)];
  await until(
    () =>
      following.every(({ transport }) => transport.connected().length === count) &&
      members.every(({ peers }) => peers.length === all.length - 1),
    'observers with members, and members with each other',
  );
  return { contacts, members, following };
}

const setMembers = (all: readonly Member[], contacts: readonly Contact[]): void => {
  for (const { transport } of all) transport.setMembers(contacts);
};
const said = ({ events }: Member, code: string) => events.filter(event => event.code === code);

describe('observers', () => {
  it('of one province and elsewhere dial every member, and frames go both ways', async () => {
    const { members, following } = await chainOf(3, [...CITIES, COURT]);
    for (const { transport } of following) expect(transport.connected()).toEqual(['0', '1', '2']);
    for (const { options, transport } of following)
      for (const to of ['0', '1', '2']) transport.send(to, Uint8Array.of(options.me.length), 'votes');
    for (const { transport } of members)
      for (const to of [...CITIES, COURT]) transport.send(to, Uint8Array.of(7), 'bulk');
    await until(() => [...members, ...following].every(({ frames }) => frames.length === 3), 'delivery');
    expect(members[0]!.frames.map(({ from }) => from).sort()).toEqual([COURT, ...CITIES]);
  });

  it('are asked for nothing, sought by nobody, and never meet', async () => {
    const { members, following } = await chainOf(2, CITIES);
    for (const { transport, peers } of members) {
      expect(transport.connected()).toHaveLength(1);
      expect(peers).toEqual(expect.arrayContaining(CITIES.map(code => `+${code}`)));
    }
    await following[0]!.transport.stop();
    await until(
      () => members.every(({ peers }) => peers.includes(`-${CITIES[0]}`)),
      'the members miss the one that is off',
    );
    const dials = members.flatMap(member => said(member, 'dial-failed'));
    expect(dials.filter(({ peer }) => peer === CITIES[0])).toEqual([]);
    expect(following[1]!.peers.sort()).toEqual(['+0', '+1']);
    await following[0]!.transport.start();
    await until(() => following[0]!.transport.connected().length === 2, 'it is back by itself');
  });

  it('that are let go can no longer connect, the others stay, and who is admitted again comes back', async () => {
    const { contacts, members, following } = await chainOf(2, CITIES);
    const [stays, goes] = following as [Member, Member];
    setMembers(
      members,
      contacts.filter(({ code }) => code !== CITIES[1]),
    );
    await until(() => goes.transport.connected().length === 0, 'it is let go');
    const refusals = () => members.map(member => said(member, 'peer-refused').length);
    await until(() => refusals().every(count => count >= 2), 'it tries in vain');
    expect(goes.transport.connected()).toEqual([]);
    expect(goes.peers.filter(peer => peer.startsWith('+')).sort()).toEqual(['+0', '+1']);
    expect(stays.peers.sort()).toEqual(['+0', '+1']);
    setMembers(members, contacts);
    await until(() => goes.transport.connected().length === 2, 'it is back');
    expect(stays.peers.sort()).toEqual(['+0', '+1']);
  });

  it('that nobody admitted are refused', async () => {
    const { contacts, members } = await chainOf(2, [CITIES[0]]);
    const strange = (await membersOf(4))[3]!;
    const stranger = memberAt(3, [...contacts.slice(0, 2), strange, strange], { me: CITIES[1] });
    running.push(stranger);
    await stranger.transport.start();
    await until(() => members.every(member => said(member, 'peer-refused').length > 0), 'the refusals');
    expect(stranger.peers).toEqual([]);
  });

  it('with a new key start on a ledger that still has the old one', async () => {
    const { contacts, members } = await chainOf(2, [CITIES[0]]);
    const [, , old] = contacts;
    const renewed = { ...(await membersOf(4))[3]!, code: CITIES[0] };
    const again = memberAt(3, [...contacts, renewed], {
      me: CITIES[0],
      members: [...contacts.slice(0, 2), old!],
    });
    running.push(again);
    await running[2]!.transport.stop();
    setMembers(members, [...contacts.slice(0, 2), renewed]);
    await again.transport.start();
    await until(() => again.transport.connected().length === 2, 'it is let in by the new key');
  });

  it('may be many', async () => {
    const many = Array.from({ length: 40 }, (_, i) => String(530_101 + i));
    const { members, following } = await chainOf(2, many);
    for (const { peers } of members) expect(peers).toHaveLength(41);
    for (const { peers } of following) expect(peers.sort()).toEqual(['+0', '+1']);
  });
});
