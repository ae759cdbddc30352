import { readFile } from 'node:fs/promises';
import { CliError, EXIT } from '@qifeng/core';
import { NodeClient } from '../sdk/client.ts';
import { NodeError } from '../sdk/node-error.ts';
import type { Context } from './context.ts';
import { faultText } from './fault-text.ts';
import { fileError } from './files.ts';
import { clusterFile } from './home.ts';
import { commonMessages } from './messages.ts';

/** True iff `text` is an http or https URL. */
export function isNodeUrl(text: unknown): text is string {
  return typeof text === 'string' && /^https?:\/\//i.test(text) && URL.canParse(text);
}

/** Addresses of the nodes to ask, in order: `--node`, else the home's cluster.json, else none. */
export async function knownNodes(context: Context): Promise<readonly string[]> {
  if (context.nodes.length > 0) return context.nodes;
  const path = clusterFile(context.home);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw fileError(error, path, context);
  }
  const urls = urlsOf(text);
  if (urls !== null) return urls;
  const words = commonMessages(context.lang);
  const complaint = { what: words.badCluster(path), why: null, next: words.badClusterNext };
  throw new CliError(EXIT.usage, 'bad-cluster', complaint);
}

/** A client for the nodes that are known; `no-node` where there are none. */
export async function requireNodes(context: Context): Promise<NodeClient> {
  const nodes = await knownNodes(context);
  if (nodes.length > 0) return new NodeClient({ nodes, signal: context.signal });
  throw noNodes(context);
}

/** Milliseconds that a node is given for what a command can do without. */
const QUICK_MS = 5_000;

/** A client for what a command can do without: null where no node is known, and none waits long for it. */
export async function quickClient(context: Context): Promise<NodeClient | null> {
  const nodes = await knownNodes(context);
  return nodes.length === 0 ? null : new NodeClient({ nodes, timeoutMs: QUICK_MS, signal: context.signal });
}

/** That no node is known. */
export function noNodes({ lang, home }: Pick<Context, 'lang' | 'home'>): CliError {
  const words = commonMessages(lang);
  const complaint = { what: words.noNode, why: words.noNodeWhy(clusterFile(home)), next: words.noNodeNext };
  return new CliError(EXIT.usage, 'no-node', complaint);
}

/** A failed question to the nodes as a complaint: 3 where none could answer, 4 where they refused. Others pass through. */
export function nodeComplaint(error: unknown, { lang }: Context): unknown {
  if (!(error instanceof NodeError)) return error;
  const words = commonMessages(lang);
  const [what, next] = words.nodeFaults[error.code];
  const exit = error.code === 'refused' ? EXIT.refused : EXIT.unreachable;
  const code = error.reason ?? error.code;
  const why = faultText({ code, detail: error.message }, lang);
  return new CliError(exit, code, { what, why, next });
}

function urlsOf(text: string): readonly string[] | null {
  try {
    const nodes: unknown = JSON.parse(text);
    if (!Array.isArray(nodes)) return null;
    const urls = nodes.map((node: { url?: unknown } | null) => node?.url);
    return urls.every(isNodeUrl) ? urls : null;
  } catch {
    return null;
  }
}
