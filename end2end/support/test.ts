// `test` with a server of its own for every test, and with a watch over what goes wrong unseen: errors in the page,
// refused by the content policy, or a panic in the server's log.
import { test as base, expect } from '@playwright/test';

import { Server } from './server';

interface Fixtures {
  server: Server;
  /** The name under which the browser knows the server. */
  host: string;
  /** Errors that a test expects: matching console messages do not fail it. */
  expected: RegExp[];
  watch: void;
}

// A page that is left while its code still arrives says so. That the code does arrive is tested by what it does.
const LEFT = [/TypeError: Failed to fetch\s+at \S+__wasm_split/, /WebAssembly compilation aborted: Network error/];

export const test = base.extend<Fixtures>({
  server: async ({}, use, info) => {
    const server = await Server.start(process.env.E2E_TEMPLATE ?? '');
    await use(server);
    await server.stop();
    if (info.status !== info.expectedStatus) await info.attach('server log', { body: server.log() });
    expect(server.log(), 'the server never panics').not.toContain('panicked');
  },

  host: ['127.0.0.1', { option: true }],

  baseURL: async ({ server, host }, use) => {
    await use(server.url.replace('127.0.0.1', host));
  },

  expected: async ({}, use) => {
    await use([]);
  },

  watch: [
    async ({ context, expected }, use) => {
      const problems: string[] = [];
      context.on('weberror', (error) => problems.push(`uncaught: ${error.error().message}`));
      context.on('console', (message) => {
        if (message.type() === 'error') problems.push(`console: ${message.text()}`);
      });
      await use();
      const known = [...expected, ...LEFT];
      const unexpected = problems.filter((problem) => !known.some((pattern) => pattern.test(problem)));
      expect(unexpected, 'nothing went wrong in the page').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
