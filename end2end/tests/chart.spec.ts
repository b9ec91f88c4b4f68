// The charts' own code arrives in a chunk of its own. With it they answer, without it nothing is missing but that.
import { signIn, submitOf } from '../support/people';
import { expect, test } from '../support/test';
import { word } from '../support/words';

const CHUNK = /\/pkg\/split_charts\.[^/]*wasm$/;
const PORTAL = /\/pkg\/split_patient\.[^/]*wasm$/;

test('a chart tells its values under the pointer, the finger and the arrow keys', async ({ page, server }) => {
  await signIn(page, server, 'patient');
  await page.goto('/patient/trends');
  const chart = page.locator('figure.chart--daily, figure.chart--profile').first();
  await chart.scrollIntoViewIfNeeded();
  const slider = chart.getByRole('slider');
  await expect(slider).toBeVisible();
  const box = (await slider.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const value = () => slider.getAttribute('aria-valuetext');

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
});

test.describe('with the charts blocked', () => {
  test.use({ expected: [/Failed to load resource|ERR_FAILED|net::|split|chunk/i] });

  test('the page is complete, says so, and goes on working', async ({ page, server }) => {
    await page.route(CHUNK, (route) => route.abort());
    await signIn(page, server, 'patient');
    await page.goto('/patient/trends');
    const chart = page.locator('figure.chart').first();
    await chart.scrollIntoViewIfNeeded();
    await expect(chart.locator('.chart-drawing .chart-svg').first()).toBeVisible();
    await expect(chart.locator('.chart-notice')).toContainText(word('en', 'charts.not_loaded'));
    await chart.locator('details summary').first().click();
    await expect(chart.locator('table').first()).toBeVisible();

    await page.locator('a[href="/patient/history"]:visible').first().click();
    await page.waitForURL('**/patient/history');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });

  test('it is fetched when it is asked for again', async ({ page, server }) => {
    await page.route(CHUNK, (route) => route.abort());
    await signIn(page, server, 'patient');
    await page.goto('/patient/trends');
    const chart = page.locator('figure.chart').first();
    await chart.scrollIntoViewIfNeeded();
    await expect(chart.locator('.chart-notice button')).toBeVisible();
    await page.unroute(CHUNK);
    await chart.locator('.chart-notice button').click();
    await expect(chart.getByRole('slider')).toBeVisible();
  });
});

test.describe("with the portal's own code blocked", () => {
  test.use({ expected: [/Failed to load resource|ERR_FAILED|net::|split|chunk/i] });

  test('its pages stay as the server sent them, and links and forms work', async ({ page, server }) => {
    await page.route(PORTAL, (route) => route.abort());
    await signIn(page, server, 'patient');
    await page.goto('/patient/trends');
    await expect(page.locator('.figures .figure__value').first()).toHaveText(/\d/);
    await page.locator('a[href="/patient/log"]:visible').first().click();
    await page.waitForURL('**/patient/log');
    await page.locator('input[name=value]').fill('143');
    await submitOf(page, 'value').click();
    await expect(page.locator('.flash')).toContainText('143');
  });
});
