import Fastify from 'fastify';

/** What may be done to a node that runs, from its own machine only. */
export interface Administered {
  /** Codes of the members that this node neither talks to nor lets in. */
  cut(): readonly string[];
  cutOff(members: readonly string[]): void;
}

/** The administration of a node while it listens. */
export interface Administration {
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const BODY = {
  type: 'object',
  required: ['cut'],
  additionalProperties: false,
  properties: { cut: { type: 'array', maxItems: 128, items: { type: 'string', pattern: '^[0-9]{6}$' } } },
};

/**
 * Listens on loopback, apart from the public API: `GET` and `PUT /partition`, `{"cut": [codes]}`. What it sets a restart
 * clears. A page in a browser on the same machine cannot use it: another host's name is refused, and PUT needs its leave.
 */
export async function administer(node: Administered, port: number): Promise<Administration> {
  const app = Fastify({
    bodyLimit: 16 * 1024,
    requestTimeout: 10_000,
    forceCloseConnections: true,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.hostname !== LOOPBACK) await reply.code(403).send({ code: 'wrong-host' });
  });
  app.get('/partition', async () => ({ cut: node.cut() }));
  app.put<{ Body: { cut: string[] } }>('/partition', { schema: { body: BODY } }, async ({ body }) => {
    node.cutOff(body.cut);
    return { cut: node.cut() };
  });
  await app.listen({ host: LOOPBACK, port });
  return { close: () => app.close() };
}
