// The charts' own code arrives in a chunk of its own. With it they answer, without it nothing is missing but that.
import { openFirstPatient, signIn, submitOf } from '../support/people';
import { expect, test } from '../support/test';
import { word } from '../support/words';

const CHUNK = /\/pkg\/split_charts\.[^/]*wasm$/;
// What the browser says of a file that did not come.
const BLOCKED = [/Failed to load resource|Failed to fetch|ERR_FAILED/];
const PORTAL = /\/pkg\/split_patient\.[^/]*wasm$/;

test('a chart tells its values under the pointer, the finger and the arrow keys', async ({ page, server }) => {
  await signIn(page, server, 'doctor');
  await openFirstPatient(page);
  const chart = page.locator('figure.chart--daily');
  await chart.scrollIntoViewIfNeeded();
  const slider = chart.getByRole('slider');
  await expect(slider).toBeVisible();
  const value = () => slider.getAttribute('aria-valuetext');

  const box = (await slider.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(box.x + box.width * 0.25, box.y + box.height / 2);
  await expect(chart.locator('.chart-overlay text').first()).toBeVisible();
  const left = await value();
  await page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2);
  await expect.poll(value).not.toBe(left);

  await slider.focus();
  const before = await value();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(value).not.toBe(before);
  expect(await value()).toMatch(/\d/);

  await test.step('and is looked at closer', async () => {
    const period = chart.locator('.chart-period');
    const whole = await period.textContent();
    await chart.getByRole('button', { name: word('en', 'charts.zoom_in') }).click();
    await expect(period).not.toHaveText(whole ?? '');
  });
});

test.describe('with the charts blocked', () => {
  test.use({ expected: BLOCKED });

  test('the page is complete, says so, and goes on working', async ({ page, server }) => {
    await page.route(CHUNK, (route) => route.abort());
    await signIn(page, server, 'doctor');
    await openFirstPatient(page);
    const chart = page.locator('figure.chart--profile');
    await chart.scrollIntoViewIfNeeded();
    await expect(chart.locator('.chart-notice')).toContainText(word('en', 'charts.not_loaded'));
    await expect(chart.locator('.chart-drawing .chart-svg')).toBeVisible();
    await chart.locator('details summary').first().click();
    await expect(chart.locator('table').first()).toBeVisible();
    await expect(page.locator('.figures .figure__value').first()).toHaveText(/\d/);

    await page.locator('a[href="/doctor"]:visible').first().click();
    await page.waitForURL('**/doctor');
    await expect(page.locator('[data-row]').first()).toBeVisible();
  });

  test('they are fetched when they are asked for again', async ({ page, server }) => {
    await page.route(CHUNK, (route) => route.abort());
    await signIn(page, server, 'doctor');
    await openFirstPatient(page);
    const chart = page.locator('figure.chart--profile');
    await chart.scrollIntoViewIfNeeded();
    await expect(chart.locator('.chart-notice button')).toBeVisible();
    await page.unroute(CHUNK);
    await chart.locator('.chart-notice button').click();
    await expect(chart.getByRole('slider')).toBeVisible();
  });
});

test.describe("with the portal's own code blocked", () => {
  test.use({ expected: BLOCKED });

  test('its pages stay as the server sent them, and links and forms work', async ({ page, server }) => {
    await page.route(PORTAL, (route) => route.abort());
    await signIn(page, server, 'patient');
    await page.goto('/patient/history');
    await expect(page.locator('.entry').first()).toBeVisible();
    await page.locator('a[href="/patient/log"]:visible').first().click();
    await page.waitForURL('**/patient/log');
    await page.locator('input[name=value]').fill('143');
    await submitOf(page, 'value').click();
    await expect(page.locator('.flash')).toContainText('143');
  });
});
