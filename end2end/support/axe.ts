// The accessibility rules of axe, WCAG 2.2 AA and its good practice, over the page as it stands.
import { readFileSync } from 'node:fs';

import { type Page, expect } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';

const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const options: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
};

/** Fails with rule, element and advice of everything that axe finds. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  // Colours on their way from one theme to the other are neither's.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  // Evaluated through the debugger, which the page's content policy does not concern.
  await page.evaluate(source);
  const results = await page.evaluate(
    (given) => (globalThis as unknown as { axe: { run: (o: unknown) => Promise<AxeResults> } }).axe.run(given),
    options as Parameters<typeof JSON.stringify>[0],
  );
  const found = (results as AxeResults).violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${rule.help}\n    ${node.html.slice(0, 200)}\n    ${node.failureSummary ?? ''}`),
  );
  expect(found, `axe on ${where}`).toEqual([]);
}

/** Nothing is wider than the screen: no sideways scrolling. */
export async function expectNoSidewaysScroll(page: Page, where: string): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over, `sideways scroll on ${where}`).toBeLessThanOrEqual(0);
}
