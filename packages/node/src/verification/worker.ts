import { parentPort } from 'node:worker_threads';
import { unpackChecks, type VerifyRequest, type VerifyResponse } from './protocol.ts';
import { sodiumVerifier } from './sodium-verifier.ts';

// Entry of a worker thread: checks batches of keys and signatures off the event loop, one response a request.

const port = parentPort;
if (port === null) throw new Error('invariant broken: verification/worker.ts runs in a worker thread');
port.on('message', ({ id, checks }: VerifyRequest) => {
  const verdicts = Uint8Array.from(unpackChecks(checks), ([key, message, signature]) => {
    const sound =
      message === undefined || signature === undefined
        ? sodiumVerifier.isKey(key)
        : sodiumVerifier.verify(key, message, signature);
    return sound ? 1 : 0;
  });
  const response: VerifyResponse = { id, verdicts };
  port.postMessage(response);
});
