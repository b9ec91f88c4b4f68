import { defineConfig } from '@playwright/test';

// Chromium is the machine's own (Playwright downloads none); .ci/e2e.sh finds it and names the server's program.
export default defineConfig({
  testDir: 'tests',
  outputDir: 'results',
  globalSetup: './support/prepare.ts',
  // Every test has a server and a database of its own, so that any two can run at once and in any order.
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  retries: process.env.CI ? 1 : 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['./support/counts.ts']],
  use: {
    // No transition is caught half way: axe would judge colours that stand for a tenth of a second.
    contextOptions: { reducedMotion: 'reduce' },
    browserName: 'chromium',
    launchOptions: {
      executablePath: process.env.CI_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
    locale: 'en-IN',
    timezoneId: 'Asia/Kolkata',
    screenshot: 'only-on-failure',
    trace: 'on-first-retry',
  },
  projects: [
    // Sizes do not depend on the screen.
    { name: 'phone', testIgnore: /sizes/, use: { viewport: { width: 390, height: 844 }, hasTouch: true } },
    { name: 'desk', use: { viewport: { width: 1280, height: 800 } } },
  ],
});
