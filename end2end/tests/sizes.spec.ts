// What a phone on a slow network has to fetch (docs/toolchain.md says how it is built).
import { get } from 'node:http';

import type { Page, Request } from '@playwright/test';

import { openFirstPatient, signIn, useLanguage } from '../support/people';
import { expect, test } from '../support/test';
import { LANGUAGES } from '../support/words';

const KB = 1000;
const kb = (bytes: number) => `${(bytes / KB).toFixed(1)} kB`;

interface Answer {
  bytes: number;
  encoding: string | undefined;
  cache: string;
}

/** Fetches as a browser does over TLS: brotli preferred. The bytes are those on the wire. */
function fetchCompressed(url: string, cookie = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { 'accept-encoding': 'gzip, br', cookie } }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      answer.on('end', () =>
        answer.statusCode === 200
          ? resolve({
              bytes,
              encoding: answer.headers['content-encoding'],
              cache: answer.headers['cache-control'] ?? '',
            })
          : reject(new Error(`${url} answered ${answer.statusCode}`)),
      );
    });
    request.on('error', reject);
  });
}

/** What a page fetches from the site's folders until it is quiet, by whether it is WASM. */
async function filesOf(page: Page, path: string): Promise<{ wasm: string[]; others: string[] }> {
  // What the page before still asks for is not this one's.
  await page.goto('about:blank');
  const asked = new Set<string>();
  const note = (request: Request) => asked.add(new URL(request.url()).pathname);
  page.on('request', note);
  await page.goto(path, { waitUntil: 'networkidle' });
  page.off('request', note);
  const files = [...asked].filter((file) => /^\/(pkg|fonts|icons)\//.test(file));
  return {
    wasm: files.filter((file) => file.endsWith('.wasm')),
    others: files.filter((file) => /\.(css|woff2|svg)$/.test(file)),
  };
}

test('the first WASM, each chunk and every page before WASM stay within their limits', async ({ page, server }) => {
  await signIn(page, server, 'doctor');
  await openFirstPatient(page);
  const report = new URL(page.url()).pathname;

  const wasm = new Set<string>();
  for (const [language, path] of LANGUAGES.flatMap((l) => ['/', '/doctor', report].map((path) => [l, path] as const))) {
    await page.goto('/doctor');
    await useLanguage(page, language);
    const files = await filesOf(page, path);
    files.wasm.forEach((file) => wasm.add(file));
    // HTML, style and fonts: all that is needed before any WASM.
    const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const parts = [await fetchCompressed(server.url + path, cookie)];
    for (const file of files.others) parts.push(await fetchCompressed(server.url + file));
    const sum = parts.reduce((bytes, part) => bytes + part.bytes, 0);
    console.log(`${language} ${path.slice(0, 20)} before WASM: ${kb(sum)} = ${parts.map((part) => kb(part.bytes)).join(' + ')}`);
    expect(sum, `${language} ${path}`).toBeLessThanOrEqual(100 * KB);
  }

  const first = [...wasm].filter((path) => path.startsWith('/pkg/procare.'));
  const chunks = [...wasm].filter((path) => !path.startsWith('/pkg/procare.'));
  expect(first).toHaveLength(1);
  expect(chunks.length).toBeGreaterThan(0);
  for (const [paths, limit] of [
    [first, 400 * KB],
    [chunks, 120 * KB],
  ] as const) {
    for (const path of paths) {
      const answer = await fetchCompressed(server.url + path);
      console.log(`${path}: ${kb(answer.bytes)}`);
      expect(answer.bytes, path).toBeLessThanOrEqual(limit);
      expect(answer.encoding, path).toBe('br');
      expect(answer.cache, path).toContain('immutable');
    }
  }
});
