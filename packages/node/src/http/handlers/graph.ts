import { type Routes, stateName } from '@qifeng/core';
import type { NodeService } from '../../ports/node-service.ts';
import type { Handlers } from '../call.ts';
import { asOf, requireListed, requireStanding } from '../state.ts';
import { subjectGraph } from '../subject-graph.ts';

const DEPTH = 2;
const NODES = 64;

/** Answers about what a subject is linked with. */
export function graphHandlers(service: NodeService): Handlers<Pick<Routes, 'graph'>> {
  return {
    graph: ({ params, query: { depth = DEPTH, limit = NODES } }) => {
      const { profile, issuer, id } = params;
      const standing = requireStanding(service, params);
      requireListed(service, 'subject', stateName('subject', profile, issuer, id), standing.version, 0);
      return {
        status: 200,
        value: { ...subjectGraph(service, standing, { depth, nodes: limit }), asOf: asOf(service) },
      };
    },
  };
}
