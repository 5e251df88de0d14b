// The call screen in Chromium, from files: whole calls by keys alone, and what must hold besides. Arguments: the
// site of tests/call, that of the starter book, a folder for the records, which the Rust side compares with those
// of the terminal, the site of a hostile book, and that of one whose texts go by conditions.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { file, files, finish, start, test } from './lib.mjs';

const [demo, starter, out, hostile, conditions] = process.argv.slice(2).map((folder) => resolve(folder));
const axe = readFileSync(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const browser = await start();

/** A call screen, and what can be done with it. */
async function screen(address, options = {}) {
  const seen = await browser.open(address, options);
  const { page } = seen;
  const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
  return {
    ...seen,
    press,
    at: () => page.getAttribute('guided-call', 'data-at'),
    async type(text, ...keys) { await page.keyboard.insertText(text); await press(...keys); },
    async begin(values = {}) {
      for (const [name, value] of Object.entries(values)) {
        const field = page.locator(`.names [name="${name}"]`);
        if (await field.count()) await field.fill(value);
      }
      await page.click('.names .go button');
    },
    async record() {
      const [download] = await Promise.all([page.waitForEvent('download'), press('d')]);
      return readFileSync(await download.path(), 'utf8');
    },
    shown: async (what) => (await page.locator(what).filter({ visible: true }).allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim()),
  };
}

const NAMES = { rep: 'An', 'prospect.first_name': 'Linh', 'prospect.company': 'Harbour Joinery', 'prospect.salutation': 'Linh' };
const DEMO = file('en/demo/call.html', demo);

await test('a call by keys alone, with everything that can happen in one', async () => {
  const call = await screen(DEMO);
  const { press, type, page } = call;
  assert.equal(await call.at(), 'start');
  await call.begin({ ...NAMES, team_size: '12' });
  assert.match((await call.shown('[aria-current=true] .words'))[0], /^Hi Linh, it's An from Tideway/);
  await press('Enter', 'Space', 'ArrowRight', 'Escape', 'Enter', '"');
  await type('In a sheet', 'Enter');
  assert.match((await call.shown('.confirm'))[0], /So it is In a sheet\. Is that right/);
  // An objection: it does not land, the next answer takes turns.
  await press('1', '"');
  await type('that is steep', 'Enter');
  await press('-', 'Enter', 'ArrowLeft', 'Enter', 'Enter', 'Enter', '+');
  assert.equal(await call.at(), 'line');
  // Said again: its limit is reached.
  await press('1');
  assert.equal(await call.at(), 'accept');
  await press('Enter', 'Control+z');
  assert.equal(await call.at(), 'accept');
  await press('Enter');
  // Searched for, and left without an answer; a note that is taken back.
  await press('t');
  await page.waitForFunction(() => document.querySelector('#d-find input').value === 't');
  await type('1', 'Enter');
  assert.deepEqual(await call.shown('.objection h3'), ['I have no time']);
  await press('0', ',');
  await type('Two workshops', 'Enter');
  await press('Control+z', ',');
  await type('Three *workshops*', 'Enter');
  await press('/');
  await type('boats', 'Control+a', 'Escape', '0');
  await type('do you do boats', 'Enter');
  // To the ways on, and along the likeliest one.
  await press('Enter');
  assert.equal(await call.at(), 'ways');
  await press('Enter');
  assert.deepEqual(await call.shown('.stage h2'), ['What hurts moment of truth']);
  await press('"');
  await type('twelve', 'Enter');
  assert.deepEqual(await call.shown('.toast'), ['That is not a number; write one such as 12.5']);
  await press('Control+a');
  await type('12.5', 'Enter');
  await press('Enter', '"', 'Enter', 'Enter', '"');
  await page.fill('[aria-current=true] input', '2025-03-01');
  await press('Enter', 'Enter', '"', 'Tab', 'Enter', 'Enter', '"');
  await type('Minh’s', 'Enter');
  // What they ask for leads to a close, and a no to an objection.
  await press('.');
  await page.click('#d-go a[href="#signal-asks-price"]');
  assert.equal(await call.at(), 'close');
  assert.match((await call.shown('.signal .bridge'))[0], /nine a head, Linh/);
  await press('-', 'Escape', '*', 'Enter', '+');
  assert.equal(await call.at(), 'ending');
  await page.fill('#ns-what', 'Send <b>numbers</b>');
  await page.fill('#ns-date', '2026-12-01');
  await press('Enter');
  await page.click('.finish h2:visible');
  await press('Enter');
  assert.equal(await call.at(), 'over');
  writeFileSync(join(out, 'demo.json'), await call.record());
  writeFileSync(join(out, 'demo.md'), await page.evaluate(() => document.querySelector('guided-call').summary));
  assert.deepEqual(call.errors, []);
  assert.deepEqual(call.requests.filter((one) => !/^(file:|blob:|data:image.svg)/.test(one)), []);
});

for (const [language, words] of [['en', 'too expensive'], ['vi', 'dat qua'], ['zh-Hant', '太貴'], ['ms', 'mahal']]) {
  await test(`a whole call in ${language}, copied alone out of its folder`, async () => {
    const alone = join(out, `${language}.html`);
    copyFileSync(join(starter, language, 'saas-outbound/call.html'), alone);
    const call = await screen(file(`${language}.html`, out), { width: 390, height: 844 });
    const { page, press, type } = call;
    await call.begin(NAMES);
    for (let stage = 0; stage < 4 && (await call.at()) !== 'ending'; stage += 1) {
      await press('1', '-');
      if (await call.at() === 'accept') await press('Enter'); else await press('+');
      for (let step = 0; step < 60 && (await call.at()) === 'line'; step += 1) {
        const [field, option] = await page.evaluate(() => [...['input', '.opt'].map((what) => !!document.querySelector(`.ask[aria-current]:not(.answered) ${what}`))]);
        if (field || option) {
          await press('"');
          if (field) await type('7');
          await press('Enter');
        }
        if ((await call.at()) === 'line') await press('Enter');
      }
      if ((await call.at()) === 'ways') await press('Enter');
    }
    if ((await call.at()) === 'ending') await press('Escape');
    await press('/');
    await type(words, 'Enter');
    assert.equal(await page.evaluate(() => document.querySelector('.objection.on').dataset.id), 'too-expensive');
    await press('Enter', '+', ',');
    await type('Ghi chú 備註', 'Enter');
    await press('!', 'ArrowDown', 'Enter');
    assert.equal(await call.at(), 'ending');
    await page.click('[data-days="3"]');
    await page.click('.nextstep button[type=submit]');
    await press('Enter');
    writeFileSync(join(out, `${language}.json`), await call.record());
    writeFileSync(join(out, `${language}.md`), await page.evaluate(() => document.querySelector('guided-call').summary));
    // The handbook's search is not beside it, and nothing else is missed.
    assert.deepEqual(call.errors.filter((one) => !one.includes('ERR_FILE_NOT_FOUND')), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  });
}

await test('where the handbook is beside it, its search is asked: slips are no matter, and only cards of the page come', async () => {
  const call = await screen(file('en/saas-outbound/call.html', starter));
  await call.begin(NAMES);
  await call.press('/');
  await call.type('thats far to pricy for us');
  await call.page.waitForFunction(() => document.querySelector('.hits a')?.textContent.startsWith("It's too expensive"));
  await call.press('Enter');
  assert.deepEqual(await call.shown('.objection h3'), ["It's too expensive"]);
  assert.deepEqual(call.errors, []);
});

await test('any keys at all make a call that the terminal makes too', async () => {
  let seed = 42;
  const random = (count) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 65536) % count; };
  const KEYS = ['Enter', 'Enter', 'Enter', 'Space', 'Escape', 'ArrowLeft', '1', '2', '3', '4', '+', '+', '-', '-', '"', '0', ',', '.', '*', '!', ']', 'Control+z', 'Tab', 'ArrowDown', 'x', '7', '?'];
  const call = await screen(DEMO);
  await call.begin(NAMES);
  for (let step = 0; step < 250; step += 1) {
    if ((await call.at()) === 'over') await call.press('Escape');
    await call.press(KEYS[random(KEYS.length)]);
  }
  await call.press('Escape', 'Escape');
  while ((await call.at()) !== 'over') {
    await call.page.evaluate(() => { for (const box of document.querySelectorAll('dialog[open]')) box.close(); document.activeElement.blur(); });
    await call.press('!');
    const end = call.page.locator('#d-end [data-do=end]');
    if (await end.isVisible()) await end.click(); else await call.press('Enter');
  }
  writeFileSync(join(out, 'any.json'), await call.record());
  writeFileSync(join(out, 'any.md'), await call.page.evaluate(() => document.querySelector('guided-call').summary));
  assert.deepEqual(call.errors, []);
});

await test('a call goes on after its tab was closed, and starts anew where nobody kept it', async () => {
  const context = await browser.context();
  const first = await screen(DEMO, { context });
  await first.begin(NAMES);
  await first.press('Enter', '1');
  await first.page.close();
  const second = await screen(DEMO, { context });
  assert.match((await second.shown('.saved'))[0], /^Go on with the call \(Linh, Harbour Joinery/);
  await second.page.click('.saved button');
  assert.deepEqual(await second.shown('.objection h3'), ["It's too expensive"]);
  await second.press('Escape');
  assert.match((await second.shown('[aria-current=true] .words'))[0], /^Let them laugh/);
  // What is over is kept until it is taken along, however many come after it.
  await second.press('!', 'Enter', 'Enter', 'n');
  await second.page.waitForSelector('[data-at=start]');
  assert.deepEqual(await second.shown('.saved'), []);
  await second.begin(NAMES);
  await second.press('!', 'Enter', 'Enter');
  assert.equal(await second.at(), 'over');
  await second.page.close();
  const third = await screen(DEMO, { context });
  assert.deepEqual(await third.shown('.calls'), ['Download all calls (2)']);
  const [all] = await Promise.all([third.page.waitForEvent('download'), third.page.click('.calls button')]);
  await all.saveAs(join(out, 'all.json'));
  await third.page.click('[data-ui=forget]');
  await third.page.reload();
  assert.deepEqual(await third.shown('.calls,.saved'), []);
  // Nothing of one playbook is another's.
  const other = await screen(file('vi/demo/call.html', demo), { context });
  assert.deepEqual(await other.shown('.saved'), []);
  await context.close();
});

await test('no storage, no trouble', async () => {
  const context = await browser.context();
  await context.addInitScript(() => Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } }));
  const call = await screen(DEMO, { context });
  await call.begin(NAMES);
  await call.press('Enter', '1', '+');
  assert.equal(await call.at(), 'line');
  assert.deepEqual(call.errors, []);
});

await test('what is typed is inert', async () => {
  const call = await screen(DEMO);
  const evil = '<img src=x onerror=alert(1)>"\'{{ 7*7 }} $& $1\u202e';
  await call.begin({ rep: evil, 'prospect.first_name': evil, 'prospect.company': 'x'.repeat(10_000) });
  await call.press(',');
  await call.type(`</li><script>alert(1)</script>${evil}`, 'Enter');
  await call.press('Enter', 'Enter', 'Enter', '"');
  await call.type(evil, 'Enter');
  await call.press('/');
  await call.type(evil, 'Escape', '!', 'Enter', 'Enter');
  assert.equal(await call.at(), 'over');
  assert.equal(await call.page.evaluate(() => document.querySelectorAll('img,body script').length), 1);
  const record = JSON.parse(await call.record());
  assert.equal(record.prospect.first_name, evil);
  assert.equal(record.prospect.company.length, 10_000);
  assert.ok(await call.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.deepEqual(call.errors, []);
});

await test('what a hostile book says is inert', async () => {
  const call = await screen(file('ar/calls/call.html', hostile), { width: 390 });
  const calm = async () => {
    assert.equal(await call.page.evaluate(() => document.querySelectorAll('img,body script,iframe').length), 1);
    assert.ok(await call.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  };
  await calm();
  await call.begin({ who: 'x', firm: '<script>alert(1)</script>' });
  await call.press('Enter', '"', 'Enter', '1', '+', '/');
  await call.type('script');
  await calm();
  await call.press('Escape', 'Enter', 'Enter');
  assert.equal(await call.at(), 'ways');
  await call.press('.');
  await call.page.click('#d-go [href="#signal-s"]');
  await call.press('Enter', 'Enter');
  assert.equal(await call.at(), 'over');
  await calm();
  assert.equal(JSON.parse(await call.record()).outcome, 'out');
  assert.equal(await call.page.getAttribute('html', 'dir'), 'rtl');
  assert.deepEqual(call.errors, []);
  assert.deepEqual(call.requests.filter((one) => !/^(file:|blob:|data:image.svg)/.test(one)), []);
});

await test('what a text says goes by what is known, as it becomes known', async () => {
  const call = await screen(file('en/calls/call.html', conditions));
  const { page } = call;
  const says = () => page.$$eval('.stage.on [data-line]:not(.end) .words', (all) => all.map((one) => one.innerText.replace(/\s+/g, ' ').trim()));
  await call.begin({});
  const know = async (who, size) => {
    await call.press('@');
    await page.fill('#d-names [name=who]', who);
    // The field of a number takes nothing else; the program does.
    const takes = await page.$eval('#d-names [name=size]', (field, size) => { field.value = size; return field.value === size; }, size);
    await page.click('#d-names .keep');
    return takes;
  };
  for (const { who, size, said } of JSON.parse(readFileSync(join(conditions, 'said.json'), 'utf8'))) {
    const plain = said.map((text) => text.replace(/^• /gm, '').replace(/____ \((.*?)\)/g, '$1').replace(/\s+/g, ' ').trim());
    if (await know(who, size)) assert.deepEqual(await says(), plain, `who ${who}, size ${size}`);
  }
  // What is taken back is said no more.
  await know('Bo', '60');
  await know('Bo', '4');
  assert.equal((await says())[0], 'Hi Bo.');
  await call.press('Control+z');
  assert.equal((await says())[0], 'All 60 of you.');
  assert.deepEqual(call.errors, []);
});

await test('before a call Enter goes from one empty field to the next, asks for what is required, and begins', async () => {
  const context = await browser.context();
  const call = await screen(DEMO, { context });
  const { page, press, type } = call;
  const focus = () => page.evaluate(() => document.activeElement.name || document.activeElement.closest('[data-ui]')?.dataset.ui);
  const required = await page.$$eval('.names :invalid', (all) => all.map((one) => one.name));
  assert.deepEqual(required, ['prospect.first_name', 'prospect.company']);
  assert.equal(await focus(), 'rep');
  await type('An', 'Enter');
  assert.equal(await focus(), 'prospect.first_name');
  // What is left empty is asked for at the end.
  await press('Enter');
  assert.equal(await focus(), 'prospect.company');
  await type('Harbour Joinery');
  for (let step = 0; step < 20 && (await focus()) !== 'prospect.first_name'; step += 1) await press('Enter');
  assert.equal(await call.at(), 'start');
  assert.equal(await focus(), 'prospect.first_name');
  await type('Linh');
  for (let step = 0; step < 20 && (await call.at()) === 'start'; step += 1) await press('Enter');
  assert.equal(await call.at(), 'line');
  assert.deepEqual(await call.shown('.who'), ['Linh, Harbour Joinery']);
  // What is known can be taken away again during the call.
  await press('@');
  await page.fill('#d-names [name="prospect.company"]', '');
  await page.click('#d-names .keep');
  assert.deepEqual(await call.shown('.who'), ['Linh']);
  await page.close();
  // Where a call was left, Enter goes on with it.
  const again = await screen(DEMO, { context });
  await again.press('Enter');
  assert.equal(await again.at(), 'line');
  assert.deepEqual([...call.errors, ...again.errors], []);
  await context.close();
});

await test('after the outcome what is next is written down by keys alone', async () => {
  const call = await screen(DEMO);
  const { page, press, type } = call;
  const focus = () => page.evaluate(() => document.activeElement.id);
  await call.begin(NAMES);
  await press('!', 'Enter');
  assert.equal(await focus(), 'ns-what');
  // Nothing is written yet: one goes back as from anywhere.
  await press('Escape');
  assert.equal(await call.at(), 'line');
  await press('!', 'Enter', 'Control+z');
  assert.equal(await call.at(), 'line');
  await press('!', 'Enter');
  // Letters and numbers are no keys here.
  await page.keyboard.type('Send 1 thing, by "post"');
  assert.equal(await page.inputValue('#ns-what'), 'Send 1 thing, by "post"');
  await press('Enter');
  assert.deepEqual([await call.at(), await focus()], ['ending', 'ns-date']);
  await press('Control+z');
  assert.deepEqual([await call.at(), await focus(), await page.inputValue('#ns-what')], ['ending', 'ns-what', '']);
  await type('Send the thing', 'Enter');
  await page.fill('#ns-date', '2026-12-01');
  await press('Enter');
  assert.equal(await call.at(), 'over');
  const record = JSON.parse(await call.record());
  assert.deepEqual(record.next_step, { what: 'Send the thing', date: '2026-12-01' });
  assert.deepEqual(record.objections, []);
  // Where nothing is next, Enter ends the call.
  await press('n');
  await page.waitForSelector('[data-at=start]');
  await call.begin(NAMES);
  await press('!', 'Enter', 'Enter');
  assert.equal(await call.at(), 'over');
  assert.equal(JSON.parse(await call.record()).next_step, null);
  assert.deepEqual(call.errors, []);
});

await test('in a low window and with large text the words of the script are seen', async () => {
  for (const [width, height, size] of [[640, 360, 100], [844, 390, 100], [320, 600, 200], [390, 844, 200]]) {
    const call = await screen(file('en/saas-outbound/call.html', starter), { width, height });
    const { page, press } = call;
    await page.evaluate((size) => { document.documentElement.style.fontSize = `${size}%`; }, size);
    await call.begin(NAMES);
    // How much of what is to be said lies in the window and under nothing else, in pixels.
    const seen = (what) => page.evaluate((what) => {
      const words = document.querySelector(what), { left, top, bottom } = words.getBoundingClientRect();
      let rows = 0;
      for (let y = Math.max(0, Math.ceil(top)); y < Math.min(innerHeight, bottom); y += 1) rows += words.contains(document.elementFromPoint(left + 4, y));
      return rows;
    }, what);
    const where = `${width}x${height} at ${size} %`;
    await press('Enter', 'Enter', 'Enter');
    assert.ok(await seen('.stage.on [aria-current=true] > .words') >= 40, `${where}: line`);
    await press('1');
    assert.ok(await seen('.objection.on .response.on .bridge') >= 30, `${where}: objection`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${where}: objection`);
    await press('!', 'Enter');
    assert.ok(await seen('#ns-what') >= 40, `${where}: next step`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${where}: next step`);
    await call.context.close();
  }
});

await test('keys are left alone in fields, and can be turned off', async () => {
  const call = await screen(DEMO);
  await call.begin(NAMES);
  await call.press(',');
  await call.type('1 + 1', 'Escape');
  assert.equal(await call.at(), 'line');
  await call.press('?');
  await call.page.click('.check');
  await call.press('Escape', '1');
  assert.equal(await call.at(), 'line');
  await call.press('x');
  assert.deepEqual(await call.shown('dialog'), []);
});

await test('where the call stands is told', async () => {
  const call = await screen(DEMO);
  const focus = () => call.page.evaluate(() => document.activeElement.closest('h2,h3,[data-line]')?.innerText.split('\n')[0]);
  await call.begin(NAMES);
  assert.equal(await focus(), 'Opening');
  assert.deepEqual(await call.shown('[aria-current=step]'), ['1 Opening']);
  await call.press('1');
  assert.equal(await focus(), "It's too expensive");
  await call.press('Escape', 'Enter');
  assert.match(await focus(), /^Note/);
  await call.press('.');
  await call.page.click('#d-go a[href="#stage-discover"]');
  assert.deepEqual(await call.shown('[aria-current=step]'), ['2 What hurts']);
  assert.equal(await focus(), 'What hurts moment of truth');
  assert.match((await call.shown('.timer'))[0], /^0:0\d \/ 5 min$/);
});

await test('without a script it is one long page of links', async () => {
  const seen = await browser.open(DEMO, { js: false });
  const text = await seen.page.innerText('body');
  for (const words of ['Hi First name', 'It\'s too expensive', 'more than we wanted to spend', 'Shall we say Tuesday', 'They want off the list']) assert.ok(text.includes(words), words);
  assert.ok(!text.includes('Download the record'));
  await seen.page.click('#stage-open .ways a >> nth=1');
  assert.match(seen.page.url(), /#stage-discover$/);
  const broken = await seen.page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')].filter((a) => !document.getElementById(a.hash.slice(1))).map((a) => a.hash));
  assert.deepEqual(broken, []);
});

await test('print shows all', async () => {
  const call = await screen(DEMO);
  await call.begin(NAMES);
  await call.press('1');
  await call.page.emulateMedia({ media: 'print' });
  const text = await call.page.innerText('main');
  for (const words of ['Hi Linh', 'What hurts', 'I have to ask my boss', 'Launch price']) assert.ok(text.includes(words), words);
  assert.deepEqual(await call.shown('.bar'), []);
  // Of a call that is over, what came of it.
  await call.press('!', 'Enter', 'Enter');
  assert.match(await call.page.innerText('main'), /Harbour Joinery/);
  assert.deepEqual(await call.shown('.stage,.card,.group h2'), []);
});

for (const dark of [false, true]) {
  await test(`axe finds nothing, ${dark ? 'dark' : 'light'}`, async () => {
    const call = await screen(DEMO, { dark, width: dark ? 390 : 1280 });
    const check = async (where) => {
      await call.page.evaluate(axe);
      const found = await call.page.evaluate(async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(' ')}`));
      assert.deepEqual(found, [], where);
    };
    await check('start');
    await call.begin(NAMES);
    await check('stage');
    await call.press('1');
    await check('objection');
    await call.press('/');
    await call.type('exp');
    await check('search');
    await call.press('Escape', '!');
    await check('outcomes');
    await call.press('Enter');
    await check('ending');
    await call.press('Enter');
    await check('over');
  });
}

await test('no width has a horizontal bar', async () => {
  for (const name of files('call.html', starter).filter((name) => name.includes('saas-outbound'))) {
    for (const width of name.startsWith('en') ? [320, 1280] : [320]) {
      const call = await screen(file(name, starter), { width });
      const wide = () => call.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.equal(await wide(), 0, `${name} at ${width}: start`);
      await call.begin(NAMES);
      for (const keys of [[], ['1'], ['!', 'Enter'], ['Enter']]) {
        await call.press(...keys);
        assert.equal(await wide(), 0, `${name} at ${width}: ${keys}`);
      }
      await call.context.close();
    }
  }
});

await finish(browser);
