import { parentPort } from 'node:worker_threads';
import type { VerifyRequest, VerifyResponse } from './protocol.ts';
import { sodiumVerifier } from './sodium-verifier.ts';

// Entry of a worker thread: checks batches of keys and signatures off the event loop, one response a request.

const port = parentPort;
if (port === null) throw new Error('invariant broken: verification/worker.ts runs in a worker thread');
port.on('message', (request: VerifyRequest) => {
  const response: VerifyResponse = {
    id: request.id,
    keys: request.keys.map(sodiumVerifier.isKey),
    signed: request.signed.map(({ key, message, signature }) =>
      sodiumVerifier.verify(key, message, signature),
    ),
  };
  port.postMessage(response);
});
