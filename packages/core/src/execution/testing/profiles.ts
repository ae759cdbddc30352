import {
  FIELD_TYPES,
  type LinkRule,
  type Profile,
  type ProfileAction,
  type ProfileField,
} from '../../records/profile.ts';

const title = { zh: '测试', en: 'test' };

/** A field of this type, named after it. */
export function field(type: ProfileField['type'], over: Partial<ProfileField> = {}): ProfileField {
  return { name: type, title, type, max: 0, required: false, ...over };
}

/** A link to subjects of any state, whose owner stays theirs. */
export function link(rel: string, profile: string, required = false): LinkRule {
  return { rel, profile, required, states: [], owner: false };
}

/** An action of the issuer from `none` to `open` without digest, fields and links, but for what is given. */
export function action(name: string, over: Partial<ProfileAction> = {}): ProfileAction {
  return {
    name,
    title,
    from: ['none'],
    to: 'open',
    by: 'issuer',
    digest: 'optional',
    fields: [],
    links: [],
    ...over,
  };
}

/** A profile of these actions with those of the states `open`, `closed` and `waiting` that they lead to. */
export function profile(
  name: string,
  actions: readonly ProfileAction[],
  over: Partial<Profile> = {},
): Profile {
  const joint = actions.some(({ fields }) => fields.some(({ type }) => type === 'issuers'));
  const states = [
    { name: 'open', title, standing: 'in-force' as const },
    { name: 'closed', title, standing: 'ended' as const },
    { name: 'waiting', title, standing: 'awaiting' as const },
  ].filter(state => (state.name === 'waiting' ? joint : actions.some(({ to }) => to === state.name)));
  return { v: 1, name, version: 1, title, privacy: 'public', personal: 'allowed', states, actions, ...over };
}

const standing = [
  field('date', { name: 'effective' }),
  field('date', { name: 'expires' }),
  field('uscc', { name: 'owner' }),
  field('text', { name: 'secrecy' }),
];

/** The profiles of the test chain, by name: between them they use every rule a profile can have. */
export const PROFILES: readonly Profile[] = [
  profile('note', [
    action('open', {
      fields: [
        ...standing,
        ...FIELD_TYPES.filter(type => type !== 'issuers').map(type => field(type)),
        field('text', { name: 'short', max: 4 }),
      ],
      links: [link('cites', 'note', false), link('cites', 'strict', false)],
    }),
    action('change', { from: ['open'], digest: 'none', fields: standing }),
    action('close', { from: ['open'], to: 'closed', digest: 'required' }),
    action('annex', { from: ['open'], digest: 'enclosed' }),
    action('hand-over', { from: ['open'], by: 'named', fields: standing }),
    action('comment', { from: ['none', 'open'], by: 'any-publisher' }),
    action('inspect', { from: ['open'], by: 'home-member' }),
  ]),
  profile(
    'numbered',
    [
      action('open', {
        fields: [field('code', { required: true }), field('bill-number', { required: true })],
      }),
    ],
    { namedBy: ['code', 'bill-number'] },
  ),
  profile(
    'sealed',
    [
      action('open', {
        fields: [
          field('text'),
          field('date', { name: 'effective', required: true }),
          field('date', { name: 'expires' }),
        ],
        links: [link('cites', 'note')],
      }),
      action('follow', { links: [link('cites', 'note', true)] }),
    ],
    { privacy: 'sealed' },
  ),
  profile(
    'strict',
    [
      action('open', { fields: [field('text', { required: true })] }),
      action('follow', { links: [link('cites', 'note', true)] }),
      action('write', { fields: [field('text'), field('texts')] }),
    ],
    { personal: 'refused' },
  ),
  profile('together', [
    action('open', { digest: 'required', fields: [field('issuers')] }),
    action('reopen', { from: ['waiting', 'open'], digest: 'required', fields: [field('issuers')] }),
    action('countersign', { from: ['waiting'], by: 'named', digest: 'required' }),
    action('withdraw', { from: ['waiting'], to: 'closed', digest: 'may-enclose' }),
  ]),
  profile('want', [
    action('open', {
      links: [{ rel: 'of', profile: 'note', required: true, states: ['open'], owner: true }],
    }),
    action('grant', { from: ['open'], to: 'closed', by: 'named' }),
  ]),
];
