import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Asked, ROUTES, requestPath, toHex } from '@qifeng/core';
import { nativeHasher } from '@qifeng/core/native';
import type { Visit } from './visit.ts';

/** Files of one test, as a person has them. */
export interface Shelf {
  /** Writes a file; its path. */
  put(name: string, bytes: Uint8Array | string): string;
  /** The receipt of a record, as the node gives it. */
  receipt(name: string, index: number): Promise<string>;
  /** The status proof of a node's last block. */
  status(name: string, asked: Asked): Promise<string>;
  remove(): void;
}

/** A folder for files that a node gives out. */
export function shelfOf(visit: Visit): Shelf {
  const folder = mkdtempSync(join(tmpdir(), 'qifeng-shelf-'));
  const put = (name: string, bytes: Uint8Array | string): string => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const get = async (name: string, path: string): Promise<string> => {
    const answer = await fetch(visit.url + path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return put(name, new Uint8Array(await answer.arrayBuffer()));
  };
  return {
    put,
    receipt: (name, index) => get(`${name}.tlog-proof`, requestPath(ROUTES.receipt, { index })),
    status: (name, asked) => get(`${name}.status-proof`, proofPath(asked)),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function proofPath(asked: Asked): string {
  if (asked.kind === 'publisher') return requestPath(ROUTES.publisherStatusProof, { id: asked.id });
  if (asked.kind === 'digest') return requestPath(ROUTES.documentStatusProof, { digest: asked });
  return requestPath(ROUTES.statusProof, { profile: asked.profile, ...asked.subject });
}

/** The SHA-256 of a text. */
export function digestOf(text: string) {
  return { alg: 'sha256', hash: nativeHasher.digest(new TextEncoder().encode(text)) } as const;
}

/** The address of a digest on a node's page. */
export function linkTo(text: string): string {
  return `/#sha256:${toHex(digestOf(text).hash)}`;
}
