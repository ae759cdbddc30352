import type { Routes } from '@qifeng/core';
import type { NodeService } from '../../ports/node-service.ts';
import { drawBadge } from '../badge/draw.ts';
import { badgeFacts } from '../badge/facts.ts';
import type { Handlers } from '../call.ts';

/** Answers with the badge of a file. */
export function badgeHandlers(service: NodeService): Handlers<Pick<Routes, 'badge'>> {
  return {
    badge: ({ params: { image }, query: { issuer, lang = 'zh' } }) => ({
      status: 200,
      value: drawBadge(badgeFacts(service, image, issuer ?? null, Date.now()), lang),
    }),
  };
}
