import { BOUND_GUARDS } from './guards/bounds.ts';
import { CERTIFICATE_GUARDS } from './guards/certificates.ts';
import { MEMORY_GUARDS } from './guards/memory.ts';
import { PROGRESS_GUARDS } from './guards/progress.ts';
import type { Removal } from './guards/removal.ts';
import { VIEW_CHANGE_GUARDS } from './guards/view-change.ts';

/** What keeps out every failure that others had, and the tests that see it gone. */
export const REMOVALS: readonly Removal[] = [
  ...CERTIFICATE_GUARDS,
  ...VIEW_CHANGE_GUARDS,
  ...PROGRESS_GUARDS,
  ...MEMORY_GUARDS,
  ...BOUND_GUARDS,
];
