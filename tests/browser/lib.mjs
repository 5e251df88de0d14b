// What every browser test of the handbook needs: a Chromium, pages from a folder, and a record of all
// that a page did which it must not do. Used as
//
//   import { start, test, finish } from './lib.mjs';
//   const browser = await start();
//   await test('what must hold', async () => {
//     const seen = await browser.open(file('index.html'), { dark: true, width: 390 });
//     assert.deepEqual(seen.errors, []);
//   });
//   await finish(browser);
//
// Arguments of a test file: the folder of the built site, then whatever the Rust side hands over.
import { chromium } from 'playwright-core';
import { createServer } from 'node:http';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, extname, normalize, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

/** The folder of the built site: the first argument. */
export const site = resolve(process.argv[2] ?? 'site');

/** The file: address of a file of the site; `name` may end in `#anchor`. */
export function file(name, root = site) {
  const [path, anchor] = name.split('#');
  return pathToFileURL(join(root, path)).href + (anchor === undefined ? '' : `#${anchor}`);
}

/** Every file below a folder whose name ends so, as paths with `/`, sorted. */
export function files(end = '', root = site) {
  const out = [];
  const walk = (folder, path) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const name = path ? `${path}/${entry.name}` : entry.name;
      if (entry.isDirectory()) walk(join(folder, entry.name), name);
      else if (name.endsWith(end)) out.push(name);
    }
  };
  walk(root, '');
  return out.sort();
}

/** The size of a file of the site as a server would send it. */
export const gzipped = (name, root = site) => gzipSync(readFileSync(join(root, name)), { level: 9 }).length;

/** Starts Chromium: `CHROMIUM` names another one. */
export async function start({ args = [] } = {}) {
  const chrome = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--force-prefers-reduced-motion', ...args],
  });
  const contexts = [];
  return {
    /** A window of its own, without storage of others. */
    async context({ dark = false, width = 1280, height = 800, js = true, locale, permissions } = {}) {
      const context = await chrome.newContext({
        colorScheme: dark ? 'dark' : 'light', viewport: { width, height }, javaScriptEnabled: js, locale, permissions,
      });
      contexts.push(context);
      return context;
    },
    /**
     * Opens an address and watches it. `seen.errors`: what the console calls an error, pages that threw,
     * dialogs (no page of ours has one). `seen.requests`: every address asked for, in order.
     */
    async open(address, options = {}) {
      const context = options.context ?? await this.context(options);
      const page = await context.newPage();
      const seen = { page, context, errors: [], requests: [] };
      page.on('console', (line) => { if (line.type() === 'error') seen.errors.push(line.text()); });
      page.on('pageerror', (error) => seen.errors.push(String(error)));
      page.on('dialog', (dialog) => { seen.errors.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
      page.on('request', (request) => seen.requests.push(request.url()));
      await page.goto(address, { waitUntil: options.until ?? 'load' });
      return seen;
    },
    async close() {
      await Promise.all(contexts.map((context) => context.close().catch(() => {})));
      await chrome.close();
    },
  };
}

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml', '.json': 'application/json', '.webmanifest': 'application/manifest+json',
  '.xml': 'application/xml', '.txt': 'text/plain; charset=utf-8',
};

/** Serves a folder on a free port of this machine: `{ address, close }`. `base` is a sub-path: `/handbook/`. */
export async function serve({ root = site, base = '/' } = {}) {
  const server = createServer((request, answer) => {
    const path = decodeURIComponent(new URL(request.url, 'http://x').pathname);
    let name = path.startsWith(base) ? join(root, normalize(path.slice(base.length))) : '';
    try {
      if (!name.startsWith(root)) throw new Error('outside');
      if (name.endsWith(sep) || statSync(name).isDirectory()) name = join(name, 'index.html');
      const bytes = readFileSync(name);
      answer.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' });
      answer.end(bytes);
    } catch {
      answer.writeHead(404, { 'content-type': TYPES['.html'] });
      try { answer.end(readFileSync(join(root, '404.html'))); } catch { answer.end(); }
    }
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  return {
    address: `http://127.0.0.1:${server.address().port}${base}`,
    close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }),
  };
}

let failed = 0;
let passed = 0;

/** Runs one test and goes on whatever happens. */
export async function test(name, run) {
  const began = performance.now();
  try {
    await run();
    passed += 1;
    console.log(`ok   ${name} (${Math.round(performance.now() - began)} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}\n${String(error?.stack ?? error).replace(/^/gm, '     ')}`);
  }
}

/** Closes what is given and ends: 0 when every test passed and there was one. */
export async function finish(...open) {
  for (const each of open) await each.close();
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}
