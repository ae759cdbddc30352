import { expect, test } from 'vitest';
import type { Rule, SourceFile } from './rules/source.ts';
import { sourceTree } from './source-tree.ts';

let tree: SourceFile[] | undefined;

/** Files of a tree in memory, from path and text. */
export function plant(files: Record<string, string>): SourceFile[] {
  return Object.entries(files).map(([path, text]) => ({ path, text }));
}

/** The test that every rule has: the project itself keeps it. */
export function keptByTheProject(name: string, rule: Rule): void {
  test(`the project keeps the rule: ${name}`, () => {
    tree ??= sourceTree();
    expect(tree.length).toBeGreaterThan(20);
    expect(rule(tree)).toEqual([]);
  });
}

/** A planted violation: the rule reports exactly one, at the place given, for the reason given. */
export function fires(rule: Rule, files: Record<string, string>, place: string, reason: string): void {
  const found = rule(plant(files));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`${place} `);
  expect(found[0]).toContain(reason);
}

/** A tree that looks like a violation and is none. */
export function silent(rule: Rule, files: Record<string, string>): void {
  expect(rule(plant(files))).toEqual([]);
}
