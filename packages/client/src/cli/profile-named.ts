import { catalogue, usageFault } from '@qifeng/core';
import type { Register } from '../register/register.ts';
import type { Context } from './context.ts';
import { quickClient } from './nodes.ts';
import { choiceText, namesTyped } from './titles.ts';

const profileNamedMessages = catalogue(
  {
    unknown: (typed: string, known: string) => `There is no profile ${typed}; there are: ${known}.`,
    several: (typed: string, names: string) => `Several profiles are called ${typed}: ${names}.`,
    unknownState: (typed: string, known: string) => `There is no state ${typed}; there are: ${known}.`,
    severalStates: (typed: string, names: string) => `Several states are called ${typed}: ${names}.`,
    next: 'See: qifeng profiles',
  },
  {
    unknown: (typed: string, known: string) => `没有 ${typed} 这个业务类型，现有：${known}。`,
    several: (typed: string, names: string) => `名为 ${typed} 的业务类型不止一个：${names}。`,
    unknownState: (typed: string, known: string) => `没有 ${typed} 这个状态，现有：${known}。`,
    severalStates: (typed: string, names: string) => `名为 ${typed} 的状态不止一个：${names}。`,
    next: '可用 qifeng profiles 查看',
  },
);

/**
 * The name of a profile that was typed by name or title. A name that is not known here stays as it is, as it may be registered
 * elsewhere; with `mustExist` it is refused where a node told all there are. Complains with 2, and says which there are.
 */
export async function profileNamed(
  typed: string,
  names: Register,
  context: Context,
  mustExist = false,
): Promise<string> {
  const words = profileNamedMessages(context.lang);
  const all = () => names.profiles().map(({ profile }) => profile);
  const isName = /^[a-z][a-z0-9-]{0,31}$/.test(typed);
  if (isName && !mustExist) return typed;
  if (namesTyped(typed, all()).length === 0) await learnAll(names, context);
  const [name, ...more] = namesTyped(typed, all());
  if (name !== undefined && more.length === 0) return name;
  const what =
    name === undefined
      ? words.unknown(typed, choiceText(all(), context.lang))
      : words.several(typed, [name, ...more].join(' '));
  throw usageFault('unknown-profile', what, words.next);
}

/**
 * The name of a state, of this profile or of any, that was typed by name or title. Complains with 2, and says which there are.
 */
export async function stateNamed(
  typed: string,
  profile: string | undefined,
  names: Register,
  context: Context,
): Promise<string> {
  const words = profileNamedMessages(context.lang);
  const states = () =>
    names
      .profiles()
      .flatMap(one => (one.profile.name === (profile ?? one.profile.name) ? one.profile.states : []));
  if (namesTyped(typed, states()).length === 0) await learnAll(names, context);
  const [name, ...more] = namesTyped(typed, states());
  if (name !== undefined && more.length === 0) return name;
  const what =
    name === undefined
      ? words.unknownState(typed, choiceText(states(), context.lang))
      : words.severalStates(typed, [name, ...more].join(' '));
  throw usageFault('unknown-state', what, words.next);
}

async function learnAll(names: Register, context: Context): Promise<void> {
  const client = await quickClient(context);
  if (client !== null) await names.learnProfiles(client);
}
