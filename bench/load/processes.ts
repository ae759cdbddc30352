import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc; 100 on every Linux that Node runs on. */
const TICKS = 100;

/** CPU seconds of a process so far, all its threads, user and system. */
export function cpuSeconds(pid: number): number {
  return cpuOf(`/proc/${pid}/stat`);
}

/** Resident memory of a process in MB. */
export function residentMb(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return line === null ? Number.NaN : Number(line[1]) / 1024;
}

/** CPU seconds so far of each kind of thread of a process: the main one, V8's, libuv's, workers. */
export function cpuByThread(pid: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const tid of readdirSync(`/proc/${pid}/task`)) {
    const path = `/proc/${pid}/task/${tid}`;
    const name = Number(tid) === pid ? 'main thread' : readFileSync(`${path}/comm`, 'utf8').trim();
    found.set(name, (found.get(name) ?? 0) + cpuOf(`${path}/stat`));
  }
  return found;
}

/** CPU seconds of the whole machine so far: what was used, and what there was. */
export function machineSeconds(): { readonly used: number; readonly all: number } {
  const line = readFileSync('/proc/stat', 'utf8').split('\n')[0]!;
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  const all = ticks.reduce((sum, one) => sum + one, 0) / TICKS;
  // Fields 4 and 5 are idle time and waiting for the disk.
  return { used: all - (ticks[3]! + ticks[4]!) / TICKS, all };
}

function cpuOf(path: string): number {
  const stat = readFileSync(path, 'utf8');
  // The name in brackets may hold spaces; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
