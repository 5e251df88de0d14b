// Makes what ships of the scripts in templates/site: `node min.mjs` writes templates/site/min/. A name that begins
// with `_` is of its script alone, and becomes a letter. `node min.mjs --check` writes nothing, and fails where what
// is there is not what it would write.
import { minify } from 'terser';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const folder = new URL('../../templates/site/', import.meta.url);
// What each file is made of, and whether its names are seen by other scripts.
const FILES = {
  'site.js': ['site.js'],
  'search.js': ['search.js', 'finder.js'],
  'call.js': ['call.js'],
  'sw.js': ['sw.js'],
};
const read = (name) => readFileSync(new URL(name, folder), 'utf8');

let all = 0;
let stale = 0;
for (const [name, sources] of Object.entries(FILES)) {
  const { code } = await minify(Object.fromEntries(sources.map((source) => [source, read(source)])), {
    ecma: 2020,
    compress: { passes: 5, unsafe_arrows: true, unsafe_methods: true, pure_getters: true, keep_fargs: false },
    mangle: { properties: { regex: /^_/ } },
    format: { comments: false, ascii_only: false },
  });
  const to = new URL(`min/${name}`, folder);
  const text = `${code}\n`;
  const size = gzipSync(text, { level: 9 }).length;
  all += size;
  console.log(`${name} ${size}`);
  if (!process.argv.includes('--check')) writeFileSync(to, text);
  else if (!existsSync(to) || readFileSync(to, 'utf8') !== text) {
    stale += 1;
    console.error(`templates/site/min/${name} is not what its sources make: run \`node tests/browser/min.mjs\``);
  }
}
console.log(`all ${all} bytes gzipped`);
process.exit(stale ? 1 : 0);
