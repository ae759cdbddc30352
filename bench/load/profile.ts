import { writeFileSync } from 'node:fs';

const INTERVAL_US = 500;

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** A function and the share of the main thread's busy time spent in itself. */
export interface SelfTime {
  readonly name: string;
  readonly share: number;
}

/** Where a running process spends its main thread's time. */
export interface Profiled {
  readonly top: readonly SelfTime[];
  /** Share of the time in which the thread did something. */
  readonly busy: number;
}

/**
 * Profiles the main thread of a running Node process, which is told by SIGUSR1 to open its inspector on port 9229, and
 * writes the profile where Chrome's tools can read it.
 */
export async function profileProcess(pid: number, ms: number, file: string): Promise<Profiled> {
  process.kill(pid, 'SIGUSR1');
  const socket = new WebSocket(await inspectorUrl());
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error('the inspector does not answer'));
  });
  let id = 0;
  const call = (method: string, params: object = {}): Promise<Record<string, unknown>> =>
    new Promise(resolve => {
      const mine = ++id;
      const answered = ({ data }: MessageEvent): void => {
        const message = JSON.parse(String(data)) as { id?: number; result?: Record<string, unknown> };
        if (message.id !== mine) return;
        socket.removeEventListener('message', answered);
        resolve(message.result ?? {});
      };
      socket.addEventListener('message', answered);
      socket.send(JSON.stringify({ id: mine, method, params }));
    });
  await call('Profiler.enable');
  await call('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  await call('Profiler.start');
  await new Promise(resolve => setTimeout(resolve, ms));
  const { profile } = await call('Profiler.stop');
  await call('Profiler.disable');
  socket.close();
  writeFileSync(file, JSON.stringify(profile));
  return selfTimes(profile as Profile);
}

async function inspectorUrl(): Promise<string> {
  for (let tries = 0; ; tries++) {
    try {
      const list = (await (await fetch('http://127.0.0.1:9229/json/list')).json()) as {
        webSocketDebuggerUrl: string;
      }[];
      return list[0]!.webSocketDebuggerUrl;
    } catch (error) {
      if (tries === 50) throw error;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }
}

function selfTimes({ nodes, samples, timeDeltas }: Profile): Profiled {
  const byId = new Map(nodes.map(node => [node.id, node] as const));
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map(child => [child, id] as const)),
  );
  // What is native says little without the function of ours that called it.
  const named = (id: number): string => {
    const { callFrame } = byId.get(id)!;
    const parent = parents.get(id);
    const ours = callFrame.url.includes('/packages/') && !callFrame.url.includes('/node_modules/');
    if (ours || parent === undefined || callFrame.functionName.startsWith('(')) return nameOf(callFrame);
    let caller = parent;
    for (let at: number | undefined = parent; at !== undefined; at = parents.get(at)) {
      caller = at;
      const { url } = byId.get(at)!.callFrame;
      if (url.includes('/packages/') && !url.includes('/node_modules/')) break;
    }
    return `${nameOf(callFrame)} <- ${nameOf(byId.get(caller)!.callFrame)}`;
  };
  const names = new Map(nodes.map(({ id }) => [id, named(id)] as const));
  const spent = new Map<string, number>();
  let all = 0;
  for (const [i, sample] of samples.entries()) {
    const name = names.get(sample)!;
    // A longer gap between two samples is time in which the thread was not let run.
    const delta = Math.min(timeDeltas[i] ?? 0, 2 * INTERVAL_US);
    all += delta;
    spent.set(name, (spent.get(name) ?? 0) + delta);
  }
  const idle = spent.get('(idle)') ?? 0;
  spent.delete('(idle)');
  const top = [...spent].sort((a, b) => b[1] - a[1]).slice(0, 25);
  return { busy: 1 - idle / all, top: top.map(([name, time]) => ({ name, share: time / (all - idle) })) };
}

function nameOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  const place = url === '' ? '' : ` ${url.replace(/^.*\/(?:packages|node_modules)\//, '')}:${lineNumber + 1}`;
  return `${functionName === '' ? '(anonymous)' : functionName}${place}`;
}
