// A live page follows its files and leaves the reader where they are. Arguments: the folder that a book
// may be made in, and the program.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { start, test, finish, site as home } from './lib.mjs';

const book = join(home, 'live');
mkdirSync(book, { recursive: true });

function save(name, text) {
  writeFileSync(join(book, '.aside'), text);
  renameSync(join(book, '.aside'), join(book, name));
}

// A page that is several screens high; `changes` says what is other than before.
function playbook({ first = 'First words.', last = 'Last words.', extra = '', key = 'category' } = {}) {
  const responses = Array.from({ length: 30 }, (_, i) => `
      - id: r${i}
        bridge: Bridge ${i}.
        say: ${i === 0 ? first : i === 29 ? last : `Words of answer ${i}, long enough to fill a line or two of the page.`}
        ask: Question ${i}?`).join('');
  return `playbook: demo\ntitle: Demo\nlanguage: en\nobjections:\n  - id: dear\n    title: Too dear\n    ${key}: price
    utterances: [too pricey, over our budget]\n    responses:${extra}${responses}\n`;
}

save('book.yaml', 'title: Live\nlanguage: en\n');
save('demo.yaml', playbook());
const server = spawn(process.argv[3], ['serve', book, '--port', '0', '--no-cache', '--no-calls'], {
  stdio: ['ignore', 'pipe', 'ignore'], env: { PATH: process.env.PATH, HOME: home },
});
process.on('exit', () => server.kill('SIGKILL'));
const address = await new Promise((done) => { server.stdout.once('data', (data) => done(String(data).trim())); });
const page = `${address}en/demo/objections/dear/`;
// The first build takes its time on a busy machine.
while ((await fetch(page)).status !== 200) await new Promise((done) => { setTimeout(done, 200); });
const browser = await start();
const { page: tab, errors } = await browser.open(page, { width: 900, height: 600 });
const shows = (text) => tab.waitForFunction((wanted) => document.body.innerText.includes(wanted), text, { timeout: 30_000 });
/** Where something stands in the window. */
const top = (selector) => tab.locator(selector).evaluate((node) => Math.round(node.getBoundingClientRect().top));
await tab.evaluate(() => { window.sameLoad = true; });

await test('an edit above leaves what is read where it is, and what is open and focused too', async () => {
  // Another script's work, an open part, and the focus, all outside of what changes.
  await tab.evaluate(() => {
    document.body.append(Object.assign(document.createElement('dialog'), { id: 'search', open: true, innerHTML: '<input id="words">' }));
    document.querySelector('#words').value = 'too pri';
    document.querySelector('#words').focus({ preventScroll: true });
    document.querySelector('#r-r20').scrollIntoView({ block: 'start', behavior: 'instant' });
  });
  const before = await top('#r-r20');
  assert.ok(await tab.evaluate(() => scrollY > 1000), 'the page is scrolled');
  save('demo.yaml', playbook({ first: 'Other words, many more of them. '.repeat(20) }));
  await shows('Other words');
  assert.ok(Math.abs((await top('#r-r20')) - before) <= 1, `${await top('#r-r20')} for ${before}`);
  const extra = '\n      - id: new\n        bridge: A new bridge.\n        say: New words.\n        ask: New?';
  save('demo.yaml', playbook({ first: 'Other words, many more of them. '.repeat(20), extra }));
  await shows('A new bridge.');
  assert.ok(Math.abs((await top('#r-r20')) - before) <= 1, `${await top('#r-r20')} for ${before}`);
  const kept = await tab.evaluate(() => [window.sameLoad, document.querySelector('#words')?.value, document.activeElement?.id]);
  assert.deepEqual(kept, [true, 'too pri', 'words']);
});

await test('an edit of what is read changes just that', async () => {
  await tab.evaluate(() => { window.article = document.querySelector('#r-r29'); });
  save('demo.yaml', playbook({ last: 'The very last words.' }));
  await shows('The very last words.');
  assert.ok(await tab.evaluate(() => window.article === document.querySelector('#r-r29')), 'the same article');
  assert.ok(!(await tab.innerText('main')).includes('A new bridge.'), 'what was taken away is gone');
  assert.ok(await tab.evaluate(() => window.sameLoad), 'nothing was loaded afresh');
});

await test('faults stand above the last good page, whatever is in sight, and go when mended', async () => {
  const before = await top('#r-r20');
  save('demo.yaml', playbook({ key: 'categorie', last: 'Faulty words.' }));
  await shows('demo.yaml:7');
  const panel = await tab.locator('#callbook-live').boundingBox();
  assert.ok(panel.y === 0 && panel.height > 40 && panel.height < 300, JSON.stringify(panel));
  assert.match(await tab.innerText('#callbook-live'), /unknown key `categorie`[^]*did you mean `category`/);
  assert.ok((await tab.innerText('main')).includes('The very last words.'));
  save('demo.yaml', playbook({ last: 'Mended words.' }));
  await shows('Mended words.');
  assert.ok(!(await tab.isVisible('.live-errors')));
  assert.ok(Math.abs((await top('#r-r20')) - before) <= 1, `${await top('#r-r20')} for ${before}`);
  assert.ok(await tab.evaluate(() => window.sameLoad));
});

await test('a page that goes and comes back is followed', async () => {
  save('demo.yaml', playbook().replace('id: dear', 'id: pricey'));
  await tab.waitForFunction(() => !document.body.innerText.includes('Words of answer'), undefined, { timeout: 30_000 });
  save('demo.yaml', playbook({ first: 'Back again.' }));
  await shows('Back again.');
});

await test('a page that nobody saw for a while is up to date at once', async () => {
  const other = await (await browser.context()).newPage();
  await other.goto(page);
  await tab.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  save('demo.yaml', playbook({ first: 'Meanwhile.' }));
  await other.waitForFunction(() => document.body.innerText.includes('Meanwhile.'), undefined, { timeout: 30_000 });
  assert.ok(!(await tab.innerText('main')).includes('Meanwhile.'), 'a hidden page does not listen');
  await tab.evaluate(() => {
    delete document.visibilityState;
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await shows('Meanwhile.');
});

await test('a server that ends is told of, and nothing else went wrong', async () => {
  const complaints = errors.filter((one) => !one.includes('404'));
  assert.deepEqual(complaints, []);
  server.kill('SIGINT');
  await shows('callbook serve has stopped');
});

await finish(browser);
