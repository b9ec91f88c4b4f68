// With JavaScript off every page is complete: forms post, figures, drawings and tables are in the HTML.
import { signIn, submitOf } from '../support/people';
import { expect, test } from '../support/test';

test.use({ javaScriptEnabled: false });

test('a reading is logged, found in the history, deleted and brought back', async ({ page, server }) => {
  await signIn(page, server, 'patient');
  await page.goto('/patient/log');
  await page.locator('input[name=value]').fill('143');
  await submitOf(page, 'value').click();
  await page.waitForURL((url) => url.pathname !== '/patient/log');
  await expect(page.locator('.flash')).toContainText('143');

  await page.goto('/patient/history');
  const entry = page.locator('.entry').filter({ hasText: '143' });
  const there = await entry.count();
  expect(there).toBeGreaterThan(0);
  await entry.first().locator('form[action$="/delete"] [type=submit]').click();
  await expect(page.locator('.flash')).toBeVisible();
  await expect(entry).toHaveCount(there - 1);
  await page.locator('.flash form [type=submit]').click();
  await expect(entry).toHaveCount(there);
});

test.describe('wrong input', () => {
  // The browser itself notes an answer of 422 as an error.
  test.use({ expected: [/status of 422/] });

  test('what is typed wrongly comes back with the reason', async ({ page, server }) => {
    await signIn(page, server, 'patient');
    await page.goto('/patient/log');
    await page.locator('input[name=value]').fill('abc');
    await submitOf(page, 'value').click();
    await expect(page.locator('input[name=value]')).toHaveValue('abc');
    await expect(page.locator('input[name=value]')).toHaveAttribute('aria-invalid', 'true');
  });
});

test('a doctor reads the figures, the drawings and the data as a table', async ({ page, server }) => {
  await signIn(page, server, 'doctor');
  await page.locator('[data-row] [data-open]').first().click();
  await page.waitForURL(/\/doctor\/patients\/[0-9a-f-]{36}/);
  await expect(page.locator('.figures .figure__value').first()).toHaveText(/\d/);
  await expect(page.locator('.chart--profile .chart-drawing .chart-svg').first()).toBeVisible();
  await page.locator('.chart--profile details summary').first().click();
  await expect(page.locator('.chart--profile table').first()).toBeVisible();
});
