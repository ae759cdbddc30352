import { isObserverCode } from '@qifeng/core';

/**
 * In whose name a peer uses what members are given a share of: a member in its own, all observers in one. So however many
 * there are, and whatever they do, they take no more than one member may.
 */
export function sharerOf(code: string): string {
  return isObserverCode(code) ? 'observers' : code;
}
