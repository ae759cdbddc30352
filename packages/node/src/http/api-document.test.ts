import { readFileSync } from 'node:fs';
import { HTTP_ERRORS, type HttpErrorCode, openApiDocument, ROUTES, type Route } from '@qifeng/core';
import { describe, expect, it } from 'vitest';
import { sourceTree } from '../../../../tests/house-rules/source-tree.ts';
import { withTables } from './testing/api-tables.ts';

const PATH = new URL('../../../../docs/API.md', import.meta.url).pathname;

describe('docs/API.md', () => {
  it('has the tables that the route data make (vitest -u writes them)', async () => {
    await expect(withTables(readFileSync(PATH, 'utf8'), ROUTES)).toMatchFileSnapshot(PATH);
  });

  it('would not with a route more', () => {
    const document = readFileSync(PATH, 'utf8');
    const planted: Route = { ...ROUTES.health, path: '/planted' };
    expect(withTables(document, { ...ROUTES, planted })).not.toBe(document);
  });
});

describe('the error codes', () => {
  const used = (source: string) =>
    [...source.matchAll(/HttpProblem\.of\(\s*'([a-z-]+)'/g)].map(([, code]) => code as HttpErrorCode);
  const given = new Set(
    sourceTree()
      .filter(({ path }) => /^packages\/node\/src\/http\/(?!testing\/)(?!.*\.test\.ts$)/.test(path))
      .flatMap(({ text }) => [...used(text)]),
  );
  // Not thrown by name: it lends its title to every refusal.
  given.add('refused');
  const announced = new Set<string>(Object.values(ROUTES).flatMap(({ errors }) => [...errors]));

  it('are each given somewhere, and each one given is in the table', () => {
    // The last pattern of `answerBrokenRequest` is a call as well, so nothing is left over.
    expect([...given].sort()).toEqual(Object.keys(HTTP_ERRORS).sort());
  });

  it('of one route’s own are announced by a route', () => {
    const own = Object.keys(HTTP_ERRORS).filter(code => code.startsWith('no-') && code !== 'no-route');
    expect(own.filter(code => !announced.has(code))).toEqual([]);
  });
});

describe('the OpenAPI document', () => {
  const document = openApiDocument(ROUTES, '1.2.3') as unknown as {
    openapi: string;
    paths: Record<
      string,
      Record<string, { operationId: string; parameters: { name: string; in: string }[] }>
    >;
    components: { schemas: Record<string, unknown> };
  };

  it('is 3.1 and has every route with its parameters', () => {
    expect(document.openapi).toBe('3.1.0');
    for (const [name, route] of Object.entries<Route>(ROUTES)) {
      const operation = document.paths[route.path]![route.method.toLowerCase()]!;
      expect(operation.operationId).toBe(name);
      const named = (where: string) => operation.parameters.filter(p => p.in === where).map(p => p.name);
      expect(named('path')).toEqual(Object.keys(route.params));
      expect(named('query')).toEqual(Object.keys(route.query));
      expect([...route.path.matchAll(/\{([a-z]+)\}/g)].map(([, param]) => param)).toEqual(named('path'));
    }
    expect(Object.values(document.paths).flatMap(Object.keys)).toHaveLength(Object.keys(ROUTES).length);
  });

  it('refers to schemas that it has, and keeps none in two forms', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!);
    const names = Object.keys(document.components.schemas);
    expect(new Set(references)).toEqual(new Set(names));
    expect(names).toEqual(expect.arrayContaining(['Submission', 'Leaf', 'Entry', 'Problem', 'Standing']));
  });
});
