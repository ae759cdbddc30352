import { GOVERNANCE } from './governance.ts';
import { namingFlaw } from './naming.ts';
import {
  DATED_ENDS,
  encloses,
  IN_FORCE,
  NO_STATE,
  type Profile,
  type ProfileAction,
  STANDINGS,
} from './profile.ts';

/** The action by which the other issuers of a joint issue (联合发文) sign. */
export const COUNTERSIGN = 'countersign';
/** Names that a sealed record has a use of its own for; see sealed.ts. */
const SEALED_PLACES = ['digest', 'origin'];

/** The field of an action that names who must countersign, or null. */
export function issuersField({ fields }: ProfileAction): string | null {
  return fields.find(({ type }) => type === 'issuers')?.name ?? null;
}

/** The state in which the subjects of a profile's joint issues wait for signatures; null for a profile without any. */
export function awaitingState({ states, actions }: Profile): string | null {
  if (!actions.some(action => issuersField(action) !== null)) return null;
  return states.find(({ standing }) => standing === 'awaiting')?.name ?? null;
}

/** True iff an action may set its subject's owner: by a field `owner`, or by a link. */
function setsOwner({ fields, links }: ProfileAction): boolean {
  return fields.some(isOwner) || links.some(({ owner }) => owner);
}

function isOwner({ name, type }: ProfileAction['fields'][number]): boolean {
  return name === 'owner' && type === 'uscc';
}

/**
 * What is wrong with a profile's own logic, or null: a reserved name, a name given twice, a state with the name of another standing
 * than its own, an unknown state or one that no
 * history reaches, no action from nothing, an enclosure to a text that is not there yet, subjects named by what does not name them, a joint issue that could not be completed, an owner that nothing or two things
 * set, or a rule that needs what a sealed record hides.
 */
export function profileFlaw(profile: Profile): string | null {
  if (profile.name === GOVERNANCE) return `profile ${GOVERNANCE} is built in`;
  const states = new Set(profile.states.map(state => state.name));
  if (states.size !== profile.states.length) return 'a state is named twice';
  if (states.has(NO_STATE)) return `${NO_STATE} is reserved for subjects without a record`;
  const posing = profile.states.find(({ name, standing }) => isStanding(name) && name !== standing);
  // Who does not know the profile takes such a name at its word.
  if (posing !== undefined)
    return `state ${posing.name} is named like a standing and means ${posing.standing}`;
  if (hasTwice(profile.actions.map(({ name }) => name))) return 'an action is named twice';
  for (const action of profile.actions) {
    const flaw = actionFlaw(profile, action, states);
    if (flaw !== null) return flaw;
  }
  if (!profile.actions.some(action => action.from.includes(NO_STATE))) return 'no action begins a history';
  return enclosureFlaw(profile) ?? namingFlaw(profile) ?? jointFlaw(profile) ?? reachFlaw(profile);
}

/**
 * Where subjects have texts, the first file of one is its text, and an action that only leads there with an enclosure would
 * begin a history without what the rest is about.
 */
function enclosureFlaw({ actions }: Profile): string | null {
  if (!actions.some(({ digest }) => digest === 'required' || digest === 'optional')) return null;
  const first = actions.find(action => encloses(action) && action.from.includes(NO_STATE));
  return first === undefined
    ? null
    : `action ${first.name} begins a history, so that its file is the text and no enclosure`;
}

function actionFlaw(profile: Profile, action: ProfileAction, states: ReadonlySet<string>): string | null {
  const { name, from, to, by, fields, links } = action;
  if (!states.has(to)) return `action ${name} leads to unknown state ${to}`;
  const unknown = from.find(state => state !== NO_STATE && !states.has(state));
  if (unknown !== undefined) return `action ${name} starts from unknown state ${unknown}`;
  if (hasTwice(from)) return `action ${name} starts from a state twice`;
  if (hasTwice(fields.map(field => field.name))) return `action ${name} names a field twice`;
  if (hasTwice(links.map(({ rel, profile: of }) => `${rel} ${of}`)))
    return `action ${name} names a relation to one profile twice`;
  const strange = links
    .filter(rule => rule.profile === profile.name)
    .flatMap(rule => rule.states.filter(state => !states.has(state)));
  if (strange.length > 0) return `action ${name} links to unknown state ${strange[0]}`;
  if (links.filter(({ owner }) => owner).length + fields.filter(isOwner).length > 1)
    return `action ${name} takes the owner from two places`;
  if (by === 'named' && !isSignature(profile, name) && !profile.actions.some(setsOwner))
    return `action ${name} is for the owner, and no action names one`;
  return endFlaw(profile, action) ?? (profile.privacy === 'sealed' ? sealedFlaw(action) : null);
}

/**
 * A repeal or lapse that may name its day leaves its subject in force until then, so there must be something in force to end:
 * the record says so without the action's own rules, which may change.
 */
function endFlaw({ states }: Profile, { name, from, to, fields }: ProfileAction): string | null {
  const means = (state: string) => states.find(one => one.name === state)?.standing;
  const ends = DATED_ENDS.includes(means(to)!) && fields.some(field => field.name === 'expires');
  const other = ends ? from.find(state => !IN_FORCE.includes(means(state)!)) : undefined;
  return other === undefined
    ? null
    : `action ${name} names the last day in force of what is not in force: ${other}`;
}

/** True iff an action is the countersignature of a joint issue, which is for those who are awaited. */
function isSignature(profile: Profile, action: string): boolean {
  return action === COUNTERSIGN && awaitingState(profile) !== null;
}

/** A sealed record hides its values and what it links to from whoever executes it. */
function sealedFlaw({ name, fields, links }: ProfileAction): string | null {
  const taken = fields.find(field => SEALED_PLACES.includes(field.name));
  if (taken !== undefined) return `action ${name}: ${taken.name} is no field's name in a sealed profile`;
  if (fields.some(({ type }) => type === 'issuers')) return `action ${name}: a joint issue cannot be sealed`;
  return links.some(({ owner, states }) => owner || states.length > 0)
    ? `action ${name}: what a sealed record links to is hidden, and so is its state and its owner`
    : null;
}

/**
 * A joint issue waits in one state, which nothing else leads to, until the last `countersign` takes it to a state of the standing that
 * it was going to: another one, if its first issuer is not to do alone what all issued.
 */
function jointFlaw(profile: Profile): string | null {
  const joint = profile.actions.filter(action => issuersField(action) !== null);
  if (joint.length === 0) return null;
  if (profile.states.filter(({ standing }) => standing === 'awaiting').length !== 1)
    return 'a joint issue needs exactly one state that awaits';
  const awaiting = awaitingState(profile)!;
  const means = (state: string) => profile.states.find(({ name }) => name === state)?.standing;
  const leads = profile.actions.find(({ to }) => to === awaiting);
  if (leads !== undefined) return `action ${leads.name} leads to ${awaiting}, as only a list of issuers does`;
  const sign = profile.actions.find(({ name }) => name === COUNTERSIGN);
  if (
    sign === undefined ||
    sign.by !== 'named' ||
    sign.digest !== 'required' ||
    sign.from.join() !== awaiting ||
    setsOwner(sign)
  )
    return `a joint issue needs an action ${COUNTERSIGN} by named from ${awaiting} alone, with a file and without an owner`;
  for (const action of joint) {
    if (action.fields.filter(({ type }) => type === 'issuers').length > 1)
      return `action ${action.name} has two lists of issuers`;
    if (action.name === COUNTERSIGN) return `action ${COUNTERSIGN} has a list of issuers`;
    if (action.digest !== 'required')
      return `action ${action.name} names issuers and no file for them to sign`;
    if (means(action.to) !== means(sign.to))
      return `action ${action.name} leads to ${action.to}, ${COUNTERSIGN} to ${sign.to}, which means something else`;
  }
  return null;
}

/** A state that no sequence of actions leads to says that something was forgotten. */
function reachFlaw(profile: Profile): string | null {
  const awaiting = awaitingState(profile);
  const reached = new Set<string>([NO_STATE]);
  for (let before = 0; before !== reached.size; ) {
    before = reached.size;
    for (const action of profile.actions) {
      if (!action.from.some(state => reached.has(state))) continue;
      reached.add(action.to);
      if (awaiting !== null && issuersField(action) !== null) reached.add(awaiting);
    }
  }
  const left = profile.states.find(({ name }) => !reached.has(name));
  return left === undefined ? null : `no action leads to state ${left.name}`;
}

function isStanding(name: string): boolean {
  return STANDINGS.some(standing => standing === name);
}

function hasTwice(names: readonly string[]): boolean {
  return new Set(names).size !== names.length;
}
