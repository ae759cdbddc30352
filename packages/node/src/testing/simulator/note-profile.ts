import type { Profile } from '@qifeng/core';

/** The smallest lifecycle: a note is opened, and changed as often as one likes. */
export const NOTE: Profile = {
  v: 1,
  name: 'note',
  version: 1,
  title: { zh: '便笺', en: 'Note' },
  privacy: 'public',
  personal: 'allowed',
  states: [{ name: 'open', title: { zh: '有效', en: 'Open' }, standing: 'in-force' }],
  actions: [
    {
      name: 'open',
      title: { zh: '开立', en: 'Open' },
      from: ['none'],
      to: 'open',
      by: 'issuer',
      digest: 'required',
      fields: [],
      links: [],
    },
    {
      name: 'change',
      title: { zh: '变更', en: 'Change' },
      from: ['open'],
      to: 'open',
      by: 'issuer',
      digest: 'optional',
      fields: [],
      links: [],
    },
  ],
};
