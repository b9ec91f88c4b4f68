// What a phone on a slow network has to fetch (docs/toolchain.md says how it is built).
import { get } from 'node:http';

import { openFirstPatient, signIn } from '../support/people';
import { expect, test } from '../support/test';

const KB = 1000;

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

test('the first WASM, each chunk and a page before WASM stay within their limits', async ({ page, server }) => {
  await signIn(page, server, 'doctor');
  const wasm = new Set<string>();
  const others = new Set<string>();
  page.on('request', (request) => {
    const path = new URL(request.url()).pathname;
    if (path.endsWith('.wasm')) wasm.add(path);
    else if (/^\/(pkg|fonts)\/.*\.(css|woff2)$/.test(path)) others.add(path);
  });
  await openFirstPatient(page);
  const report = new URL(page.url()).pathname;
  await page.locator('figure.chart--profile').scrollIntoViewIfNeeded();
  await expect(page.locator('figure.chart--profile').getByRole('slider')).toBeVisible();

  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
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
      console.log(`${path}: ${(answer.bytes / KB).toFixed(1)} kB`);
      expect(answer.bytes, path).toBeLessThanOrEqual(limit);
      expect(answer.encoding, path).toBe('br');
      expect(answer.cache, path).toContain('immutable');
    }
  }

  // HTML, style and fonts: what is there before any WASM.
  for (const path of ['/', '/doctor', report]) {
    let sum = (await fetchCompressed(server.url + path, cookie)).bytes;
    for (const other of others) sum += (await fetchCompressed(server.url + other)).bytes;
    console.log(`${path} before WASM: ${(sum / KB).toFixed(1)} kB`);
    expect(sum, path).toBeLessThanOrEqual(100 * KB);
  }
});
