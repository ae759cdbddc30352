import { NO_STATE, type Profile, type ProfileAction, shellMessages, visible } from '@qifeng/core';
import type { NamedProfile } from '../../../register/definition.ts';
import type { Names } from '../../../register/register.ts';
import type { Context } from '../../context.ts';
import { stateText } from '../../describe.ts';
import { formatText } from '../../fault-words/field-formats.ts';
import { verdictMessages } from '../../verdicts.ts';
import { profilesMessages } from './messages.ts';

/** A line for each profile. */
export function printList(all: readonly NamedProfile[], { out, lang }: Context): void {
  const words = profilesMessages(lang);
  out.table(
    all.map(({ profile: { name, version, title }, record }) =>
      [name, title[lang], words.version(version, record)].map(visible),
    ),
  );
}

/** One profile for a person: its states with what they mean, then each action with what it needs. */
export function printProfile({ profile, record }: NamedProfile, names: Names, context: Context): void {
  const { out, lang } = context;
  const words = profilesMessages(lang);
  const standings = verdictMessages(lang).words;
  out.heading(null, profile.title[lang], profile.name);
  out.rows([
    [words.kept, words.privacy[profile.privacy]],
    [words.personal, words.personalData[profile.personal]],
  ]);
  out.note(words.version(profile.version, record));
  out.line();
  out.sentence(words.states, 0);
  table(
    profile.states.map(({ name, title, standing }) => [title[lang], name, standings[standing]]),
    context,
  );
  out.line();
  out.sentence(words.actions, 0);
  for (const action of profile.actions) printAction(action, profile, names, context);
}

function printAction(action: ProfileAction, profile: Profile, names: Names, context: Context): void {
  const { out, lang } = context;
  const words = profilesMessages(lang);
  const { listSeparator } = shellMessages(lang);
  const stateIn = (of: string) => (state: string) =>
    state === NO_STATE ? words.none : stateText(of, state, names, lang);
  const from = action.from.map(stateIn(profile.name)).join(listSeparator);
  const way = `${from} → ${stateIn(profile.name)(action.to)}`;
  out.sentence(
    [action.title[lang], action.name, way, words.by[action.by], words.digest[action.digest]].join('  '),
    2,
  );
  const fields = action.fields.map(({ name, title, required, ...field }) => [
    title[lang],
    name,
    formatText(field, lang),
    required ? words.required : '',
  ]);
  table(fields, context, 6);
  const links = action.links.map(({ rel, profile: to, states, required, owner }) => [
    words.link,
    words.linked(rel, to, states.map(stateIn(to)).join(listSeparator)),
    [required ? words.required : '', owner ? words.owner : '']
      .filter(word => word !== '')
      .join(listSeparator),
  ]);
  table(links, context, 6);
}

function table(lines: readonly (readonly string[])[], { out }: Context, indent = 2): void {
  const space = ' '.repeat(indent);
  out.table(lines.map(([first = '', ...rest]) => [space + visible(first), ...rest.map(visible)]));
}
