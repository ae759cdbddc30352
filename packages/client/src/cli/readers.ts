import { CliError, EXIT } from '@qifeng/core';
import { AuditFault } from '../audit/fault.ts';
import { NodeReader } from '../audit/node-reader.ts';
import { NodeError } from '../sdk/node-error.ts';
import type { Context } from './context.ts';
import { explainFault } from './faults.ts';
import { knownNodes, nodeComplaint, noNodes } from './nodes.ts';

/**
 * What the first of the known nodes gives from which all of it can be read and made sense of; each is asked once, in order.
 * `no-node` where none is known; else the complaint about the first one. A false answer that `read` finds is a
 * `CliError` of its own, and the next node is asked as well.
 */
export async function readFromNodes<T>(
  context: Context,
  read: (reader: NodeReader) => Promise<T>,
): Promise<T> {
  const failures: unknown[] = [];
  for (const node of await knownNodes(context)) {
    try {
      return await read(new NodeReader(node, context.signal));
    } catch (error) {
      if (!(error instanceof NodeError || error instanceof AuditFault || isFalse(error))) throw error;
      failures.push(error);
    }
  }
  const [first] = failures;
  if (first === undefined) throw noNodes(context);
  if (!(first instanceof AuditFault)) throw nodeComplaint(first, context);
  const { next } = explainFault(first.code, context.lang);
  throw new CliError(EXIT.refuted, first.code, { what: first.message, why: null, next });
}

function isFalse(error: unknown): boolean {
  return error instanceof CliError && error.exit === EXIT.refuted;
}
