import { fileURLToPath } from 'node:url';
import type { Genesis } from '@qifeng/core';
import type { BrowserContext, BrowserContextOptions, Page, Request } from 'playwright-core';
import { createHttpServer } from '../../packages/node/src/http/server.ts';
import { readSite, type Site } from '../../packages/node/src/http/site.ts';
import { type SoloNode, soloNode } from '../../packages/node/src/http/testing/solo-node.ts';
import { openChromium } from './chromium.ts';

const FIXTURE = new URL('../fixtures/first-light/', import.meta.url);

/** Visits share what the browser caches, which saves most of their time, and nothing that the page keeps. */
const FORGET = `if (!sessionStorage.visited) {
  localStorage.clear();
  sessionStorage.visited = 'yes';
}`;

/** A file of the committed fixture, as a path for a file input. */
export function fixturePath(name: string): string {
  return fileURLToPath(new URL(name, FIXTURE));
}

/** The verify page in a real browser, served by a real node's HTTP server. */
export interface Visit {
  readonly node: SoloNode;
  readonly url: string;
  /** Where the modules of the site stand, with a slash at the end. */
  readonly assets: string;
  /** A fresh page with nothing kept, loaded and with the genesis question answered; the one before it is closed. */
  open(options?: BrowserContextOptions, arrival?: Arrival): Promise<Visitor>;
  close(): Promise<void>;
}

/** How a visitor comes. */
export interface Arrival {
  /** What follows the address of the node: `/` unless given. */
  readonly path?: string;
  /** What the page's clock always says, in ms; the machine's without. */
  readonly now?: number;
  /** What is there once the page is ready, as a selector: the question about the genesis answered, unless given. */
  readonly ready?: string;
}

/** One page and what went wrong and out in it. */
export interface Visitor {
  readonly page: Page;
  /** Errors on the console, exceptions, violations of the policy. */
  readonly problems: string[];
  readonly requests: Request[];
}

/**
 * Starts node, server and browser. `more` adds files to the site, by their paths below the assets; `genesis` is another than
 * the usual.
 */
export async function startVisit(
  more: Readonly<Record<string, string>> = {},
  genesis?: Genesis,
): Promise<Visit> {
  const node = await soloNode(undefined, genesis);
  const plain = readSite(fileURLToPath(new URL('../../packages/web', import.meta.url)));
  const assets = /^\/assets\/[0-9a-f]+\//.exec(
    [...plain.keys()].find(path => path.startsWith('/assets/'))!,
  )![0];
  const added = Object.entries(more).map(
    ([path, text]) =>
      [assets + path, { type: 'text/javascript', bytes: Buffer.from(text), immutable: true }] as const,
  );
  const site: Site = new Map([...plain, ...added]);
  const server = createHttpServer({ service: node.service, log: { error: () => {} }, site });
  const url = await server.listen('127.0.0.1', 0);
  const browser = await openChromium();
  const contexts = new Map<string, BrowserContext>();
  const contextFor = async (options: BrowserContextOptions, hasClock: boolean) => {
    const key = JSON.stringify([options, hasClock]);
    const known = contexts.get(key);
    if (known !== undefined) return known;
    const usual = { locale: 'en-GB', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' } as const;
    const context = await browser.newContext({ ...usual, ...options });
    context.setDefaultTimeout(8_000);
    await context.addInitScript(FORGET);
    contexts.set(key, context);
    return context;
  };
  let last: Page | undefined;
  return {
    node,
    url,
    assets,
    open: async (options = {}, { path = '/', now, ready = '#trust button' } = {}) => {
      await last?.close();
      const context = await contextFor(options, now !== undefined);
      if (now !== undefined) await context.clock.setFixedTime(now);
      const page = await context.newPage();
      last = page;
      const visitor: Visitor = { page, problems: [], requests: [] };
      page.on('console', message => {
        if (message.type() === 'error' || message.type() === 'warning') visitor.problems.push(message.text());
      });
      page.on('pageerror', error => visitor.problems.push(String(error)));
      context.removeAllListeners('request');
      context.on('request', request => visitor.requests.push(request));
      await page.goto(url + path);
      await page.locator(ready).first().waitFor();
      return visitor;
    },
    close: async () => {
      await browser.close();
      await server.close();
      await node.close();
    },
  };
}

/**
 * Calls a function that a module of the site exports, in the page. The text is sent as it stands: what a test runner
 * does to the functions of a test would not run in a browser.
 */
export function callInPage(page: Page, module: string, name: string, argument: unknown): Promise<unknown> {
  const [path, value] = [module, argument].map(part => JSON.stringify(part));
  return page.evaluate(`import(${path}).then(module => module[${JSON.stringify(name)}](${value}))`);
}
