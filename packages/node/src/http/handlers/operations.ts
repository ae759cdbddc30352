import { openApiDocument, ROUTES, type Routes } from '@qifeng/core';
import type { NodeService } from '../../ports/node-service.ts';
import type { Handlers } from '../call.ts';
import { HttpProblem } from '../problem.ts';

/** Answers for whoever operates or explores the node. `metrics` gives the text of all metrics. */
export function operationsHandlers(
  service: NodeService,
  metrics: () => Promise<string>,
  version: string,
): Handlers<Pick<Routes, 'metrics' | 'health' | 'ready' | 'openapi'>> {
  const document = openApiDocument(ROUTES, version);
  return {
    metrics: async () => ({ status: 200, value: await metrics() }),
    health: () => ({ status: 200, value: { status: 'ok' } }),
    ready: () => {
      const { ready, reason } = service.standing();
      if (!ready)
        throw HttpProblem.of('not-ready', reason ?? 'not connected to a quorum, or behind it', {
          retryAfter: 1,
        });
      return { status: 200, value: { ready } };
    },
    openapi: () => ({ status: 200, value: document }),
  };
}
