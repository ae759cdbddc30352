import type { Routes } from '@qifeng/core';
import type { NodeService } from '../../ports/node-service.ts';
import type { Handlers } from '../call.ts';
import type { EventFeed } from '../events/feed.ts';
import { requireHeld } from '../state.ts';

/** Answers with what becomes final, from where the reader was. */
export function eventHandlers(service: NodeService, feed: EventFeed): Handlers<Pick<Routes, 'events'>> {
  return {
    events: ({ query: { after: asked, ...filter }, headers, later }) => {
      // A browser that comes again sends the header with the address it first had.
      const after = headers['last-event-id'] ?? asked ?? feed.size - 1;
      requireHeld(service, after + 1);
      return { status: 200, value: feed.open({ after, filter, later }) };
    },
  };
}
