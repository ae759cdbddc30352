import { type Lang, ROUTES, usageFault } from '@qifeng/core';
import type { EventQuery } from '../../../sdk/events.ts';
import { parseSubject } from '../../subject-path.ts';
import { watchMessages } from './messages.ts';

/** Arguments of `watch` as they were typed. */
export interface WatchFlags {
  readonly profile?: string | undefined;
  readonly publisher?: string;
  readonly subject?: string;
  readonly from?: string;
  readonly count?: string;
}

/** What `watch` was asked for. */
export interface WatchRequest {
  readonly query: EventQuery;
  /** The lowest log index wanted; null: what comes from now on. */
  readonly from: number | null;
  /** Records after which it ends; null: it goes on. */
  readonly count: number | null;
}

/** Reads the arguments; throws complaints with exit code 2. */
export function watchRequest(flags: WatchFlags, lang: Lang): WatchRequest {
  const words = watchMessages(lang);
  const wrong = (option: string, value: string, next: string) =>
    usageFault('bad-option', words.badValue(option, value), next);
  const { profile, publisher, subject: subjectText } = flags;
  const { query } = ROUTES.events;
  if (profile !== undefined && query.profile.parse(profile) === null)
    throw wrong('--profile', profile, words.badProfileNext);
  if (publisher !== undefined && query.publisher.parse(publisher) === null)
    throw wrong('--publisher', publisher, words.badPublisherNext);
  const named = subjectText === undefined ? undefined : parseSubject(subjectText);
  if (named === null) throw wrong('--subject', subjectText!, words.badSubjectNext);
  const number = (option: string, text: string | undefined, least: number) => {
    if (text === undefined) return null;
    const value = query.after.parse(text);
    if (value === null || value < least) throw wrong(option, text, words.badNumberNext(least));
    return value;
  };
  return {
    query: {
      ...(profile !== undefined && { profile }),
      ...(publisher !== undefined && { publisher }),
      ...(named !== undefined && { subject: { profile: named.profile, ...named.subject } }),
    },
    from: number('--from', flags.from, 0),
    count: number('--count', flags.count, 1),
  };
}
