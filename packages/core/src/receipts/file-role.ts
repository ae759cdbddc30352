import type { Leaf } from '../records/leaf.ts';
import { encloses, type Profile } from '../records/profile.ts';
import type { SubjectValue } from '../records/state.ts';
import { sameDigest } from './asked.ts';

/**
 * What the file of a record is to its subject: the text, one that it had before, or never that, as it only accompanied the
 * action of the record.
 */
export const FILE_ROLES = ['present', 'earlier', 'enclosed'] as const;
/** One of them. */
export type FileRole = (typeof FILE_ROLES)[number];

/**
 * What the file of a record is to its subject, whose value is `value`; a record without a file is `present` while it is the
 * last. `profile` is the subject's, or null where it is not known: then nothing tells an enclosure from an earlier text.
 */
export function fileRole(
  { index, leaf }: { readonly index: number; readonly leaf: Leaf },
  value: SubjectValue | null,
  profile: Profile | null,
): FileRole {
  const { digest, action } = leaf.entry.value;
  const text = value?.digest ?? null;
  const isPresent = digest === null ? value?.head === index : text !== null && sameDigest(text, digest);
  if (isPresent) return 'present';
  const rule = digest === null ? undefined : profile?.actions.find(({ name }) => name === action);
  return rule !== undefined && encloses(rule) ? 'enclosed' : 'earlier';
}
