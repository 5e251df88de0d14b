// The handbook's pages: accessible, valid, in the browser as quiet as on paper. One page of every type, in
// light and dark, narrow and wide.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { start, test, finish, file, files, site, gzipped, serve } from './lib.mjs';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** One page of each type, below a folder: the largest, which has the most on it. */
function types(folder = '') {
  const best = new Map();
  for (const name of files('.html').filter((name) => name.startsWith(folder))) {
    const html = readFileSync(join(site, name), 'utf8');
    const type = /<body class="([a-z0-9 -]+)"/.exec(html)?.[1] ?? (html.includes('http-equiv="refresh"') ? 'moved' : 'none');
    if (type === 'print' && !name.startsWith('en/')) continue;
    if (html.length > (best.get(type)?.size ?? 0)) best.set(type, { name, size: html.length });
  }
  return [...best].filter(([type]) => type !== 'moved').map(([type, { name }]) => ({ type, name }));
}

const pages = types();
const languages = ['en', 'vi', 'zh-Hant', 'ms'].filter((tag) => files('index.html').includes(`${tag}/index.html`));
const browser = await start();

await test(`every type of page is there: ${pages.map((page) => page.type).join(' ')}`, () => {
  for (const type of ['home', 'volume', 'stage', 'objection', 'question', 'close', 'competitor', 'category', 'categories',
    'frameworks', 'framework', 'proofs', 'metrics', 'glossary', 'print']) {
    assert.ok(pages.some((page) => page.type === type), type);
  }
});

for (const dark of [false, true]) {
  await test(`axe finds nothing, ${dark ? 'dark' : 'light'}`, async () => {
    const context = await browser.context({ dark });
    const found = [];
    for (const { name, type } of pages) {
      // Paper has one look, and the page is as long as the book.
      if (dark && type === 'print') continue;
      const seen = await browser.open(file(name), { context });
      await seen.page.evaluate(axe);
      const result = await seen.page.evaluate(() => axe.run(document, {
        // It would fetch the style sheets again, which the page's policy forbids.
        preload: false,
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      }));
      for (const rule of result.violations) {
        for (const node of rule.nodes) found.push(`${name}: ${rule.id}: ${node.target} ${node.failureSummary}`);
      }
      found.push(...seen.errors.map((error) => `${name}: ${error}`));
      await seen.page.close();
    }
    assert.deepEqual(found, []);
  });
}

await test('nothing scrolls sideways at 320 px, also with large text; nothing but the handbook is asked for', async () => {
  const context = await browser.context({ width: 320, height: 640 });
  const wide = [];
  for (const { name } of [...pages, ...languages.flatMap((tag) => types(`${tag}/`))]) {
    const seen = await browser.open(file(name), { context });
    for (const size of ['100%', '200%']) {
      const [inside, outside] = await seen.page.evaluate((size) => {
        document.documentElement.style.setProperty('font-size', size);
        return [document.documentElement.scrollWidth, document.documentElement.clientWidth];
      }, size);
      if (inside > outside) wide.push(`${name} at ${size}: ${inside} > ${outside}`);
    }
    for (const request of seen.requests) assert.ok(request.startsWith(file('')), request);
    await seen.page.close();
  }
  assert.deepEqual(wide, []);
});

await test('every page links somewhere, every anchor is there', () => {
  const ids = new Map();
  const of = (name) => {
    if (!ids.has(name)) {
      const html = readFileSync(join(site, name), 'utf8');
      ids.set(name, new Set([...html.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1])));
    }
    return ids.get(name);
  };
  const known = new Set(files());
  const lost = [];
  for (const name of files('.html')) {
    if (name === '404.html') continue;
    const html = readFileSync(join(site, name), 'utf8');
    for (const [, raw] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
      const link = raw.replaceAll('&amp;', '&').replaceAll('&#x2f;', '/');
      if (/^[a-z]+:/.test(link)) continue;
      const to = new URL(link, `file:///${name}`);
      const path = decodeURIComponent(to.pathname.slice(1));
      if (!known.has(path)) lost.push(`${name}: ${link}`);
      else if (to.hash && path.endsWith('.html') && !of(path).has(decodeURIComponent(to.hash.slice(1)))) lost.push(`${name}: ${link}`);
    }
  }
  assert.deepEqual(lost.slice(0, 20), []);
});

await test('html-validate finds nothing', async () => {
  const { HtmlValidate, StaticConfigLoader } = await import('html-validate');
  const check = new HtmlValidate(new StaticConfigLoader({
    extends: ['html-validate:standard', 'html-validate:a11y', 'html-validate:document'],
    rules: {
      // What a title may be in search results is no fault of the page, and a title of a book is its own.
      'long-title': 'off',
      // Files of the same folder, which a browser does not let a page from file: check by their sums.
      'require-sri': ['error', { target: 'crossorigin' }],
      // A summary to copy that scrolls is a `pre` and a place to go to at once.
      'prefer-native-element': ['error', { exclude: ['region'] }],
    },
  }));
  const found = [];
  for (const { name } of [...pages, { name: '404.html' }]) {
    const report = await check.validateString(readFileSync(join(site, name), 'utf8'), name);
    for (const result of report.results) {
      for (const message of result.messages) found.push(`${name}:${message.line}: ${message.ruleId}: ${message.message}`);
    }
  }
  assert.deepEqual([...new Set(found)].slice(0, 30), []);
});

await test('vnu finds nothing', () => {
  const jar = require.resolve('vnu-jar/build/dist/vnu.jar');
  const names = [...pages.map((page) => page.name), '404.html', ...languages.map((tag) => `${tag}/index.html`)];
  const run = (args) => {
    try {
      execFileSync('java', ['-Xss4m', '-jar', jar, '--errors-only', '--format', 'gnu', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      return '';
    } catch (error) {
      return String(error.stderr || error.message);
    }
  };
  const html = run(names.map((name) => join(site, name)));
  assert.equal(html, '');
});

await test('copying takes the words, blanks in brackets, and says so', async () => {
  const name = pages.find((page) => page.type === 'objection').name;
  const server = await serve();
  const context = await browser.context({ permissions: ['clipboard-read', 'clipboard-write'] });
  const { page, errors } = await browser.open(server.address + name, { context });
  const line = page.locator('[data-say]').first();
  const buttons = await page.locator('.copy').count();
  assert.equal(buttons, await page.locator('[data-say]').count());
  await line.hover();
  await line.locator('.copy').click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, (await line.locator(':scope > div, :scope > h1').innerText()).trim());
  await page.waitForFunction(() => document.querySelector('[role=status]').textContent.length > 0);
  const blank = page.locator('[data-say]:has([data-var])').first();
  if (await blank.count()) {
    await blank.hover();
    await blank.locator('.copy').click();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /\[.+\]/);
  }
  assert.deepEqual(errors, []);
  await server.close();
});

await test('without script every word is there, and the language menu works', async () => {
  const { page } = await browser.open(file(pages.find((each) => each.type === 'objection').name), { js: false });
  assert.equal(await page.locator('.copy').count(), 0);
  assert.ok(await page.locator('[data-say]').first().isVisible());
  if (languages.length > 1) {
    await page.locator('.langs summary').click();
    assert.ok(await page.locator('.langs a').first().isVisible());
  }
});

await test('on a server the handbook is there without a network after the first visit', async () => {
  const server = await serve({ base: '/hand/book/' });
  const context = await browser.context();
  const { page } = await browser.open(server.address + 'en/index.html', { context });
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(async () => (await caches.keys()).length > 0 && navigator.serviceWorker.controller !== null);
  const away = pages.find((each) => each.type === 'stage').name;
  await page.goto(server.address + away);
  await server.close();
  await page.goto(server.address + away);
  assert.ok((await page.locator('h1').innerText()).length > 0);
  await page.goto(`${server.address}en/`);
  assert.ok(await page.locator('.books').count());
});

await test('weights: style sheet, script, first load', async () => {
  const css = files('.css').reduce((sum, name) => sum + gzipped(name), 0);
  const js = files('.js').filter((name) => /assets\/(site|search)\.[0-9a-f]+\.js$/.test(name)).reduce((sum, name) => sum + gzipped(name), 0);
  // All told: the call screen's and the service worker's besides.
  const made = new URL('../../templates/site/min/', import.meta.url);
  const all = ['call.js', 'sw.js'].reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, made)), { level: 9 }).length, js);
  const objection = pages.find((page) => page.type === 'objection').name;
  const icon = files('.svg').reduce((sum, name) => sum + gzipped(name), 0);
  const first = gzipped(objection) + css + js + icon + gzipped('manifest.webmanifest');
  const server = await serve();
  const { requests } = await browser.open(server.address + objection);
  await server.close();
  console.log(`     css ${css}, js of a page ${js}, js all told ${all}, first load ${first} bytes gzipped, ${requests.length} requests`);
  assert.ok(css <= 10_000, `css ${css}`);
  assert.ok(js <= 8_000, `js of a page ${js}`);
  // What is aimed at is 12,000.
  assert.ok(all <= 15_800, `js all told ${all}`);
  assert.ok(first <= 30_000, `first load ${first}`);
  assert.ok(requests.length <= 5, requests.join(' '));
});

await finish(browser);
