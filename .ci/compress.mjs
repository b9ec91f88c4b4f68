// Puts a .br and a .gz beside every file of the site that gets smaller by it, so that the server never compresses a
// static file at request time. Prints the sizes that a browser will fetch.
//
//   node compress.mjs SITE_FOLDER
import { availableParallelism, cpus } from 'node:os';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

// zlib works in libuv's pool: one thread a core.
process.env.UV_THREADPOOL_SIZE = String(availableParallelism?.() ?? cpus().length);

// Fonts (woff2) and pictures are compressed already.
const TEXT = new Set(['.css', '.js', '.mjs', '.json', '.svg', '.txt', '.html', '.xml', '.webmanifest']);
const COMPRESSIBLE = new Set([...TEXT, '.wasm', '.ico']);
const SIBLINGS = { '.br': compressBrotli, '.gz': compressGzip };

function compressBrotli(bytes, text) {
  return promisify(brotliCompress)(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      [constants.BROTLI_PARAM_MODE]: text ? constants.BROTLI_MODE_TEXT : constants.BROTLI_MODE_GENERIC,
    },
  });
}

function compressGzip(bytes) {
  return promisify(gzip)(bytes, { level: 9 });
}

async function* filesIn(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile()) yield path;
  }
}

async function compress(path) {
  const bytes = await readFile(path);
  const sizes = { path, plain: bytes.length };
  await Promise.all(
    Object.entries(SIBLINGS).map(async ([suffix, how]) => {
      const small = await how(bytes, TEXT.has(extname(path)));
      if (small.length < bytes.length) {
        await writeFile(path + suffix, small);
        sizes[suffix] = small.length;
      } else {
        await rm(path + suffix, { force: true });
      }
    }),
  );
  return sizes;
}

const site = process.argv[2];
if (!site) {
  console.error('usage: node compress.mjs SITE_FOLDER');
  process.exit(2);
}
const paths = [];
for await (const path of filesIn(site)) if (COMPRESSIBLE.has(extname(path))) paths.push(path);
const done = await Promise.all(paths.map(compress));
done.sort((a, b) => b.plain - a.plain);
const kb = (bytes) => (bytes === undefined ? '-' : (bytes / 1000).toFixed(1)).padStart(8);
console.log('  kB plain   brotli     gzip');
for (const { path, plain, '.br': br, '.gz': gz } of done) {
  if (plain >= 2000) console.log(`  ${kb(plain)} ${kb(br)} ${kb(gz)}  ${relative(site, path)}`);
}
