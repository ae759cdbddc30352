import { importGraph } from './imports.ts';
import type { Rule } from './source.ts';

/** No file reaches itself through imports, imports of types included; one report for each cycle met. */
export const noCycles: Rule = files => {
  const edges = new Map<string, string[]>();
  const graph = importGraph(files);
  for (const { file } of graph) edges.set(file.path, []);
  for (const { file, imports } of graph) {
    for (const { target } of imports) {
      if (target !== undefined && edges.has(target)) edges.get(file.path)?.push(target);
    }
  }

  const found: string[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string) => {
    const since = trail.indexOf(path);
    if (since !== -1) {
      found.push(`${path}:1 import cycle: ${[...trail.slice(since), path].join(' → ')}`);
      return;
    }
    if (done.has(path)) return;
    trail.push(path);
    for (const next of edges.get(path) ?? []) visit(next);
    trail.pop();
    done.add(path);
  };
  for (const path of edges.keys()) visit(path);
  return found;
};
