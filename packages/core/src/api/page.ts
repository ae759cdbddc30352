import { type Param, uintParam } from './param.ts';

/** Items on one page at most. */
export const MAX_PAGE = 256;

/** How many items a page shall have. */
export const limitParam: Param<number> = uintParam('how many at most, 64 unless given', 1, MAX_PAGE);
