import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVitest, type TestCase, type Vitest } from 'vitest/node';
import { broken } from '../broken.ts';
import type { Removal } from './removal.ts';

const ROOT = fileURLToPath(new URL('../../../../..', import.meta.url));
const SOURCES = fileURLToPath(new URL('../..', import.meta.url));
/** Against what never ends only. */
const TIMEOUT_MS = 60_000;

/** What became of one test: it passed, an assertion of its own failed, or something else is wrong. */
export type Verdict = 'passed' | 'failed' | { readonly wrong: string };

/** What is removed at present, and whether the test under way has loaded the file it stood in. */
interface Edit {
  removal: Removal | null;
  loaded: boolean;
}

/** Runs single tests, with a guard removed or without. The sources on disk are never touched. */
export class Bench {
  readonly #vitest: Vitest;
  readonly #edit: Edit;

  private constructor(vitest: Vitest, edit: Edit) {
    this.#vitest = vitest;
    this.#edit = edit;
  }

  /** One test runner for all runs: only the edited module is transformed again, and each run has a fresh thread. */
  static async open(): Promise<Bench> {
    const edit: Edit = { removal: null, loaded: false };
    const resolve = { conditions: ['qifeng-source'] };
    const vitest = await createVitest(
      {
        root: ROOT,
        config: false,
        watch: false,
        reporters: [{}],
        include: ['packages/node/src/**/*.test.ts'],
        pool: 'threads',
        isolate: true,
        maxWorkers: 1,
        testTimeout: TIMEOUT_MS,
        // A broken module must not reach the cache that other runs read.
        fsModuleCache: false,
      },
      {
        resolve,
        ssr: { resolve },
        server: { watch: null },
        plugins: [
          {
            name: 'removed-guard',
            enforce: 'pre',
            transform(source, id) {
              const { removal } = edit;
              if (removal === null || id.split('?')[0] !== join(SOURCES, removal.file)) return null;
              edit.loaded = true;
              return { code: broken(source, removal), map: null };
            },
          },
        ],
      },
    );
    await vitest.standalone();
    return new Bench(vitest, edit);
  }

  /** The verdicts of tests of one file with everything in place, by name. */
  whole(file: string, names: readonly string[]): Promise<ReadonlyMap<string, Verdict>> {
    return this.#run(file, names);
  }

  /** The verdict of the removal's test without the guard. */
  async without(removal: Removal): Promise<Verdict> {
    const { file, name } = removal.test;
    const edited = join(SOURCES, removal.file);
    this.#vitest.invalidateFile(edited);
    this.#edit.removal = removal;
    this.#edit.loaded = false;
    try {
      const verdict = (await this.#run(file, [name])).get(name)!;
      return this.#edit.loaded ? verdict : { wrong: `the test does not load ${removal.file}` };
    } finally {
      this.#edit.removal = null;
      this.#vitest.invalidateFile(edited);
    }
  }

  async close(): Promise<void> {
    await this.#vitest.close();
  }

  async #run(file: string, names: readonly string[]): Promise<ReadonlyMap<string, Verdict>> {
    const moduleId = join(SOURCES, file);
    this.#vitest.setGlobalTestNamePattern(new RegExp(`(?:${names.map(literal).join('|')})$`));
    const specification = this.#vitest.getRootProject().createSpecification(moduleId);
    const { testModules, unhandledErrors } = await inTime(
      this.#vitest.runTestSpecifications([specification]),
    );
    const module = testModules.find(one => one.moduleId === moduleId);
    const errors = [...(module?.errors() ?? []), ...unhandledErrors] as { readonly message: string }[];
    const tests = [...(module?.children.allTests() ?? [])];
    const verdict = (name: string): Verdict => {
      if (module === undefined || errors.length > 0)
        return { wrong: errors[0]?.message ?? `there is no ${file}` };
      const named = tests.filter(({ fullName }) => fullName.endsWith(name));
      return named.length === 1 ? verdictOf(named[0]!) : { wrong: `${named.length} tests of that name` };
    };
    return new Map(names.map(name => [name, verdict(name)]));
  }
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** A loop that never ends cannot be stopped from outside its thread: the process must end. */
function inTime<T>(run: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no end after ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
    run.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Only an assertion counts as a failure: a crash would also come of an edit that makes no sense. */
function verdictOf(test: TestCase): Verdict {
  const { state, errors } = test.result();
  if (state === 'passed') return 'passed';
  const crash = errors?.find(({ name }) => name !== 'AssertionError');
  if (crash !== undefined || errors === undefined)
    return { wrong: `no assertion failed: ${crash?.name} ${crash?.message}` };
  return 'failed';
}
