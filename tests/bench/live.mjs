// How long a saved file takes to the page of `callbook serve`: from write() to the event that pages hear,
// and to the words on the screen of an open Chromium.
//
//   node tests/bench/live.mjs PROGRAM [BOOK] [TIMES]
//
// BOOK is a folder like the starter book (its English playbook is edited, in a copy). Beside the figures
// stand what the program itself says it took, and a floor: the same page fetched and nothing built.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const tests = join(dirname(fileURLToPath(import.meta.url)), '..');
const { chromium } = await import(pathToFileURL(join(tests, 'browser/node_modules/playwright-core/index.mjs')));
const [program, book = join(tests, '../playbooks'), times = '20'] = process.argv.slice(2);
const home = mkdtempSync(join(tmpdir(), 'callbook-live-'));
const copy = join(home, 'book');
cpSync(resolve(book), copy, { recursive: true });

/** The first answer to an objection of an English playbook: its file, the card's address, its words. */
function target() {
  for (const name of readdirSync(copy, { recursive: true }).map(String).sort()) {
    if (!/^en[\\/].*\.ya?ml$/.test(name)) continue;
    const text = readFileSync(join(copy, name), 'utf8');
    const id = /^playbook: *(\S+)/m.exec(text)?.[1];
    const card = /^objections:\n\s+- id: *(\S+)[\s\S]*?^ +say: *(?:\|\n +)?(.+)$/m.exec(text);
    if (id && card) return { file: join(copy, name), text, path: `en/${id}/objections/${card[1]}/`, said: card[2] };
  }
  throw new Error('no English playbook with an objection');
}
const { file, text, path, said } = target();
const server = spawn(resolve(program), ['serve', copy, '--port', '0', '--no-cache', '--no-calls'], { env: { PATH: process.env.PATH, HOME: home } });
process.on('exit', () => { server.kill('SIGKILL'); rmSync(home, { recursive: true, force: true }); });
const took = [];
server.stderr.on('data', (data) => { for (const [, ms] of String(data).matchAll(/ in (\d+) ms/g)) took.push(Number(ms)); });
const address = await new Promise((done) => { server.stdout.once('data', (data) => done(String(data).trim())); });
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
while ((await fetch(address + path)).status !== 200) await pause(100);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage();
await page.goto(address + path);

// What pages hear, heard here as well.
let heard = () => {};
const stream = await fetch(new URL('/.live/events', address));
(async () => { for await (const _ of stream.body) heard(); })().catch(() => {});
await pause(3000);
took.length = 0;
const floor = [], event = [], screen = [];
for (let run = 0; run < Number(times); run++) {
  const words = `Word number ${run} of this`;
  const begun = performance.now();
  await (await fetch(address + path)).text();
  floor.push(performance.now() - begun);
  const seen = page.evaluate((wanted) => new Promise((done) => {
    const look = () => document.body.innerText.includes(wanted) && (observer.disconnect(), done(performance.timeOrigin + performance.now()));
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  }), words);
  await pause(200);
  const told = new Promise((done) => { heard = () => done(performance.timeOrigin + performance.now()); });
  const saved = performance.timeOrigin + performance.now();
  writeFileSync(file, text.replace(said, words));
  event.push(await told - saved);
  screen.push(await seen - saved);
  await pause(700);
}
await browser.close();
const line = (name, list) => {
  const sorted = [...list].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.toFixed(0);
  console.log(`${name.padEnd(28)} median ${at(0.5)} ms, nine of ten ${at(0.9)} ms, worst ${at(1)} ms`);
};
console.log(`${times} saves, load ${loadavg().map((load) => load.toFixed(1)).join(' ')}`);
line('floor: the page fetched', floor);
line('the program says', took);
line('write to event', event);
line('write to screen', screen);
process.exit(0);
