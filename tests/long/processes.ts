import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { residentMb } from '../../bench/load/processes.ts';

/** Memory of some processes together, MB: resident, and resident with what they share counted once. */
export function memoryOf(pids: readonly number[]): { readonly rss: number; readonly pss: number } {
  return {
    rss: pids.reduce((sum, pid) => sum + residentMb(pid), 0),
    pss: pids.reduce((sum, pid) => sum + proportionalMb(pid), 0),
  };
}

function proportionalMb(pid: number): number {
  const line = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  return line === null ? Number.NaN : Number(line[1]) / 1024;
}

/** Memory of a process that no file stands behind, MB: tables that LevelDB maps are the system's to take back. */
export function ownMb(pid: number): number {
  const line = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return line === null ? Number.NaN : Number(line[1]) / 1024;
}

/** Open descriptors of a process but for LevelDB's tables, of which it keeps a thousand open as its store grows. */
export function descriptorsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter(name => !targetOf(join(folder, name)).endsWith('.ldb')).length;
}

/** What a link names; nothing if it went away meanwhile. */
function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

/** Bytes of a file, or of all files in a folder; 0 if it went away meanwhile, as tables do that LevelDB has merged. */
export function bytesIn(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0);
}

/** The number that one line of a node's metrics gives. */
export function metricIn(metrics: string, name: string): number {
  const line = new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics);
  return line === null ? Number.NaN : Number(line[1]);
}
