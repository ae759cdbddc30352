/** What a Byzantine replica may do, each in a file of its own. */
export const BEHAVIOURS = [
  'equivocate',
  'withhold',
  'double-vote',
  'replay',
  'forge',
  'new-views',
  'flood',
  'garbage',
  'overreach',
  'graft',
  'slow',
  'censor',
  'repeat',
  'double-cosign',
  'pad',
] as const;

/** One of them. */
export type BehaviourName = (typeof BEHAVIOURS)[number];
