// Search in the page: it cuts texts, finds and orders as `find` does, fast, and is worked by keys alone.
// Arguments: a site and what `find` said to many queries over its book, as JSON; the same of a large book.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { start, test, finish, file, files, gzipped } from './lib.mjs';

const [, , , answers, big, bigAnswers] = process.argv.map((path) => resolve(path));
const browser = await start();

/** Opens a page of a site, and asks it all at once. */
async function ask(root, name, asked) {
  const { page, context, errors, requests } = await browser.open(file('en/index.html', root));
  const found = await page.evaluate(async (asked) => {
    const out = [];
    const { languages, kinds } = await window.CBX.ready();
    const root = new URL('..', location.href).href;
    const told = (hits) => hits.map(([doc]) => {
      const { id, language, href, kind } = window.CBX.card(doc);
      return [id, languages[language][0], href.slice(root.length).split('/')[1], kinds[kind]];
    });
    for (const { query, typing } of asked) {
      const { hits, near } = await window.CBX.find(query, { typing, limit: 3, texts: true });
      out.push({ hits: told(hits), near: told(near) });
    }
    return out;
  }, asked.map(({ query, typing }) => ({ query, typing })));
  assert.deepEqual(errors, []);
  const outside = requests.filter((address) => !address.startsWith('file:'));
  assert.deepEqual(outside, [], 'requests to elsewhere');
  await context.close();
  return found;
}
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const percent = (part, all) => `${((100 * part) / all).toFixed(2)} %`;

const starter = JSON.parse(readFileSync(answers, 'utf8'));
await test('texts are cut into the same words', async () => {
  const { page, context } = await browser.open(file('en/index.html'));
  const wrong = await page.evaluate(async (cut) => {
    const { texts: [, , , , , , , table] } = await window.CBX.ready();
    // A Traditional character that nothing could be found by is not sent, and stays as it is.
    const kept = (theirs, ours) => ([...theirs].length === 1 && ours && ours.codePointAt() > 0x2fff && !table.includes(` ${ours}`) ? ours : theirs);
    return cut.map(([text, tokens]) => {
      const ours = window.CBX.cut(text);
      const theirs = tokens.map(([exact, folded, joined], at) => [kept(exact, ours[at]?.[0]), kept(folded, ours[at]?.[1]), joined]);
      return [text, JSON.stringify(ours), JSON.stringify(theirs)];
    }).filter(([, ours, theirs]) => ours !== theirs);
  }, starter.cut);
  assert.deepEqual(wrong.slice(0, 5), []);
  await context.close();
});

await test('the first hit is the terminal’s, and both are as good', async () => {
  const found = await ask(resolve(process.argv[2]), 'starter', starter.asked);
  const forms = new Map();
  starter.asked.forEach((row, at) => {
    const form = forms.get(row.form) ?? { rows: 0, same: 0, near: 0, wanted: 0, ours: [0, 0], theirs: [0, 0] };
    forms.set(row.form, form);
    form.rows += 1;
    form.same += same(found[at].hits[0], row.hits[0]);
    form.near += same(found[at].near[0], row.near[0]);
    if (!row.finds.length) return;
    form.wanted += 1;
    const rank = (hits) => hits.findIndex(([id, language]) => row.finds.includes(id) && language.startsWith(row.language));
    [[form.ours, found[at].hits], [form.theirs, row.hits]].forEach(([sum, hits]) => {
      const at = rank(hits);
      sum[0] += at === 0;
      sum[1] += at >= 0;
    });
  });
  for (const [name, form] of forms) {
    const recall = ([first, third]) => `${(first / form.wanted).toFixed(3)} / ${(third / form.wanted).toFixed(3)}`;
    console.log(`     ${name}: ${form.rows} queries, the same first hit ${percent(form.same, form.rows)}, the same nearest ` +
      `${percent(form.near, form.rows)}; R@1 / R@3 in the page ${recall(form.ours)}, in the terminal ${recall(form.theirs)}`);
    assert.ok(form.same >= 0.97 * form.rows, `${name}: ${form.same} of ${form.rows}`);
    assert.ok(form.near >= 0.95 * form.rows, `${name}: nearest ${form.near} of ${form.rows}`);
    for (const at of [0, 1]) assert.ok(Math.abs(form.ours[at] - form.theirs[at]) <= 0.02 * form.wanted, name);
  }
});

await test('a large book comes in parts and finds the same', async () => {
  const parts = files('.js', big).filter((name) => name.includes('/cards.'));
  assert.ok(parts.length > 3, `${parts.length} shards`);
  const { asked } = JSON.parse(readFileSync(bigAnswers, 'utf8'));
  const found = await ask(big, 'big', asked);
  const good = asked.filter((row, at) => same(found[at].hits[0], row.hits[0]));
  console.log(`     the same first hit ${percent(good.length, asked.length)} of ${asked.length}, ${parts.length} shards`);
  assert.ok(good.length >= 0.95 * asked.length, `${good.length} of ${asked.length}`);
});

await test('several at a time find what each finds by itself', async () => {
  const { page, context } = await browser.open(file('en/index.html'));
  const [together, alone] = await page.evaluate(async () => {
    const queries = ['that is too expensive', 'đắt quá em ơi', '太貴了', 'mahal sangat lah', 'đắt', 'send me an email'];
    const find = (query) => CBX.find(query, { limit: 3 });
    const together = await Promise.all(queries.map(find));
    const alone = [];
    for (const query of queries) alone.push(await find(query));
    return [together, alone];
  });
  assert.deepEqual(together, alone);
  assert.ok(alone.every(({ hits }) => hits.length));
  await context.close();
});

await test('sizes', async () => {
  console.log('     ' + files('.js').map((name) => `${name.split('.')[0]} ${gzipped(name)}`).join(', '));
});

await test('the first result and every key are quick', async () => {
  const [firsts, floors, keys] = [[], [], []];
  // From navigation to the first result in the page, by the clock of the page; nothing of the driver runs
  // meanwhile. A page that has a line put into it at once is the floor.
  const first = async (page, address) => {
    await page.addInitScript(() => {
      addEventListener('DOMContentLoaded', () => {
        const button = document.querySelector('[data-find]');
        new MutationObserver((_, observer) => {
          if (!document.querySelector('#finder-list a')) return;
          observer.disconnect();
          window.first = performance.now();
        }).observe(document, { subtree: true, childList: true });
        if (!button) return document.body.insertAdjacentHTML('beforeend', '<p id="finder-list"><a></a></p>');
        button.click();
        document.querySelector('dialog input').value = 'that is far too pricey for us';
      });
    });
    await page.goto(address, { waitUntil: 'commit' });
    await new Promise((done) => { setTimeout(done, 500); });
    await page.waitForFunction(() => window.first);
    return page.evaluate(() => window.first);
  };
  const empty = join(process.argv[2], 'empty.html');
  writeFileSync(empty, '<!doctype html><title>x</title>');
  for (let turn = 0; turn < 5; turn += 1) {
    const context = await browser.context();
    floors.push(await first(await context.newPage(), file('empty.html')));
    const page = await context.newPage();
    firsts.push(await first(page, file('en/index.html')));
    keys.push(...await page.evaluate(async () => {
      const input = document.querySelector('dialog input');
      const list = document.querySelector('#finder-list');
      const out = [];
      const text = 'we looked at this and it seems expensive';
      for (let length = 2; length <= text.length; length += 1) {
        input.value = text.slice(0, length);
        const shown = new Promise((done) => { new MutationObserver((_, observer) => { observer.disconnect(); done(); }).observe(list, { childList: true }); });
        const began = performance.now();
        input.dispatchEvent(new InputEvent('input'));
        await Promise.race([shown, new Promise((done) => { setTimeout(done, 300); })]);
        void list.offsetHeight;
        out.push(performance.now() - began);
      }
      return out;
    }));
    await context.close();
  }
  const middle = (list) => list.sort((a, b) => a - b)[list.length >> 1];
  const [result, floor, key] = [firsts, floors, keys].map(middle);
  console.log(`     first result ${result.toFixed(0)} ms from navigation (an empty page ${floor.toFixed(0)}), a key ${key.toFixed(1)} ms (medians)`);
  // What is aimed at is 100 and 16; a busy machine may take several times as long.
  assert.ok(result < 1500 && key < 60, `${result} ${key}`);
  rmSync(empty);
});

const open = async (options = {}, name = 'en/index.html') => {
  const seen = await browser.open(file(name), options);
  await seen.page.keyboard.press('/');
  await seen.page.waitForSelector('dialog[open]');
  await seen.page.waitForFunction(() => !document.querySelector('.finder-bar select').hidden);
  return seen;
};
const titles = (page) => page.$$eval('#finder-list a b', (all) => all.map((one) => one.textContent));
const chosen = (page) => page.$eval('#finder-list [aria-selected=true]', (one) => one.id);

await test('without scripts there is no button', async () => {
  const { page, context } = await browser.open(file('en/index.html'), { js: false });
  assert.equal(await page.isVisible('[data-find]'), false);
  await context.close();
});

await test('it is worked by keys alone', async () => {
  const { page, context, errors } = await open();
  const button = page.locator('[data-find]');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'INPUT');
  await page.keyboard.type('thats too much mony');
  await page.waitForSelector('#finder-list a');
  const [first] = await titles(page);
  assert.equal(first, "It's too expensive");
  // What is said first is there without a further key.
  assert.match(await page.innerText('#finder-list [aria-selected=true] .finder-words i'), /\w/);
  assert.equal(await chosen(page), 'finder-0');
  await page.keyboard.press('ArrowDown');
  assert.equal(await chosen(page), 'finder-1');
  assert.equal(await page.getAttribute('dialog input', 'aria-activedescendant'), 'finder-1');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  assert.equal(await chosen(page), `finder-${(await titles(page)).length - 1}`);
  await page.waitForFunction(() => /\d/.test(document.querySelector('dialog [role=status]').textContent));
  // A slash is a letter where one types.
  await page.keyboard.type('/');
  assert.equal(await page.inputValue('dialog input'), 'thats too much mony/');
  await page.keyboard.press('Escape');
  assert.equal(await page.isVisible('dialog'), false);
  assert.equal(await button.evaluate((one) => one === document.activeElement), true);
  await page.keyboard.press('Control+k');
  await page.waitForSelector('dialog[open]');
  await page.fill('dialog input', 'too expensive');
  await page.waitForFunction(() => document.querySelector('#finder-list b')?.textContent === "It's too expensive");
  await page.keyboard.press('Enter');
  await page.waitForURL(/too-expensive\/index\.html$/);
  // What led somewhere is remembered, and forgotten when told to.
  await page.keyboard.press('/');
  await page.waitForSelector('.finder-old > button');
  assert.deepEqual(await page.$$eval('.finder-old > button', (all) => all.map((one) => one.textContent)), ['too expensive']);
  await page.click('.finder-old > button');
  await page.waitForSelector('#finder-list a');
  await page.fill('dialog input', '');
  await page.click('.finder-clear');
  assert.equal(await page.isVisible('.finder-old'), false);
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  assert.deepEqual(errors, []);
  await context.close();
});

await test('filters narrow what is found', async () => {
  const { page, context } = await open();
  await page.fill('dialog input', 'shall we put a day in the diary');
  await page.waitForSelector('#finder-list a');
  const selects = page.locator('.finder-bar select');
  assert.equal(await selects.count(), 4);
  const before = await titles(page);
  await selects.nth(2).selectOption({ label: 'Close' });
  await page.waitForFunction((first) => document.querySelector('#finder-list b')?.textContent !== first, before[0]);
  const facts = await page.$$eval('#finder-list small', (all) => all.map((one) => one.textContent));
  assert.ok(facts.every((one) => one.startsWith('Close')), facts.join('; '));
  await selects.nth(2).selectOption('');
  await page.fill('dialog input', 'đắt quá');
  await selects.nth(3).selectOption({ label: 'Tiếng Việt' });
  await page.waitForFunction(() => document.querySelector('#finder-list b')?.lang === 'vi');
  assert.ok((await selects.nth(0).innerText()).length > 20);
  await context.close();
});

await test('where nothing fits it says so', async () => {
  const { page, context } = await open({}, 'vi/index.html');
  await page.fill('dialog input', 'hôm nay trời đẹp quá');
  await page.waitForFunction(() => document.querySelector('.finder-note').textContent);
  assert.match(await page.innerText('.finder-note'), /^Không có thẻ nào khớp/);
  await context.close();
});

await test('nothing is looked for in the middle of a composition', async () => {
  const { page, context } = await open({}, 'zh-Hant/index.html');
  const input = page.locator('dialog input');
  const tell = (type, data) => input.evaluate((one, [type, data]) => {
    if (data !== null) one.value = data;
    one.dispatchEvent(type === 'input' ? new InputEvent('input', { isComposing: true, data }) : new CompositionEvent(type, { data: data ?? '' }));
  }, [type, data]);
  await tell('compositionstart', null);
  await tell('input', 'ㄊㄞˋ');
  await page.waitForTimeout(100);
  assert.equal(await page.locator('#finder-list a').count(), 0);
  await tell('compositionend', '太贵了');
  await page.waitForSelector('#finder-list a');
  assert.equal((await titles(page))[0], '太貴了');
  await context.close();
});

await test('it fits a phone, and nothing in it is out of reach', async () => {
  const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
  for (const dark of [false, true]) {
    const { page, context } = await open({ dark, width: 320, height: 600 });
    await page.fill('dialog input', 'wethinkthisisfartooexpensiveforus too expensive');
    await page.waitForSelector('#finder-list a');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
    assert.ok(await page.$eval('dialog', (one) => one.scrollWidth <= 320));
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), []);
    await context.close();
  }
});

await finish(browser);
