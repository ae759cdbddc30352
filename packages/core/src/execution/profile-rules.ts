import { toUtf8 } from '../encoding/utf8.ts';
import { namingFields } from '../records/naming.ts';
import type { Profile, ProfileAction, ProfileField } from '../records/profile.ts';
import { awaitingState, issuersField } from '../records/profile-flaw.ts';

/** A profile with its actions and their fields by name, made once a block. */
export interface ProfileRules {
  readonly profile: Profile;
  readonly actions: ReadonlyMap<string, ActionRules>;
  /** The state in which joint issues wait for signatures; null without any. */
  readonly awaiting: string | null;
}

/** An action with its fields by name. */
export interface ActionRules {
  readonly action: ProfileAction;
  readonly fields: ReadonlyMap<string, ProfileField>;
  readonly required: readonly string[];
  /** The field that names who must countersign, or null. */
  readonly issuers: string | null;
  /** The fields that name the subject it begins, or null. */
  readonly naming: readonly string[] | null;
}

/** Indexes a profile. */
export function profileRules(profile: Profile): ProfileRules {
  return {
    profile,
    awaiting: awaitingState(profile),
    actions: new Map(
      profile.actions.map(action => [
        action.name,
        {
          action,
          fields: new Map(action.fields.map(field => [field.name, field])),
          required: action.fields.filter(field => field.required).map(field => field.name),
          issuers: issuersField(action),
          naming: namingFields(profile, action),
        },
      ]),
    ),
  };
}

/** Whether a text keeps to a field's `max` UTF-8 bytes (0: no bound but the entry's own). */
export function fits(text: string, max: number): boolean {
  // A UTF-16 unit is at most three bytes and at least one, so most texts need no count.
  return max === 0 || text.length * 3 <= max || (text.length <= max && toUtf8(text).length <= max);
}
