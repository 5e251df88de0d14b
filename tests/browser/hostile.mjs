// A book that means harm, opened in the browser: no script of it runs, no request leaves, nothing breaks
// the page apart. The folder is a site built of such a book.
import assert from 'node:assert/strict';
import { start, test, finish, file, files } from './lib.mjs';

const browser = await start();

await test('no script of the book ran, no request left, and no page is wider than its window', async () => {
  const context = await browser.context({ width: 390, height: 700 });
  const pages = files('.html').filter((name) => !name.includes('/print/') || name.startsWith('ar/'));
  assert.ok(pages.length > 10, `${pages.length} pages`);
  const wide = [];
  for (const name of pages) {
    const seen = await browser.open(file(name), { context });
    await seen.page.waitForTimeout(20);
    assert.deepEqual(seen.errors, [], name);
    for (const request of seen.requests) assert.ok(request.startsWith(file('')), `${name} asked for ${request}`);
    const here = await seen.page.evaluate(() => ({
      ran: Boolean(globalThis.harm),
      scripts: [...document.scripts].filter((script) => !script.src).length,
      handlers: [...document.querySelectorAll('*')].filter((each) => [...each.attributes].some((a) => a.name.startsWith('on'))).length,
      links: [...document.querySelectorAll('a[href]')].map((link) => new URL(link.getAttribute('href'), document.baseURI).protocol),
      inside: document.documentElement.scrollWidth,
      outside: document.documentElement.clientWidth,
    }));
    assert.equal(here.ran, false, name);
    // The call screen is one file: its own script is in it, and its policy names that one by its sum.
    assert.equal(here.scripts, name.endsWith('/call.html') ? 1 : 0, name);
    assert.equal(here.handlers, 0, name);
    for (const protocol of here.links) assert.match(protocol, /^(file|https?|mailto|tel):$/, name);
    if (here.inside > here.outside) wide.push(`${name}: ${here.inside}`);
    await seen.page.close();
  }
  assert.deepEqual(wide, []);
});

await test('what a reader clicks runs nothing', async () => {
  const name = files('.html').find((each) => each.includes('/objections/'));
  const { page, requests, errors } = await browser.open(file(name));
  for (const link of await page.locator('main a').all()) {
    const href = await link.getAttribute('href');
    if (href?.startsWith('#')) await link.click({ force: true, timeout: 1000 }).catch(() => {});
  }
  for (const button of await page.locator('.copy').all()) await button.click({ force: true, timeout: 1000 }).catch(() => {});
  assert.equal(await page.evaluate(() => Boolean(globalThis.harm)), false);
  assert.deepEqual(errors, []);
  for (const request of requests) assert.ok(request.startsWith(file('')), request);
});

await finish(browser);
