// The whole story: a patient brings a sensor's file, a doctor sees who needs attention and reads the report.
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe';
import { importFile, signInHere, signOut, useLanguage } from '../support/people';
import { libreView } from '../support/sensor-file';
import { expect, test } from '../support/test';
import { LANGUAGES, word } from '../support/words';

for (const language of LANGUAGES) {
  test(`a sensor file reaches the doctor as a ranked patient and a report (${language})`, async ({ page, server }) => {
    const look = async (where: string) => {
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await expect(page.locator('h1')).toHaveCount(1);
      await expectNoSidewaysScroll(page, where);
      await expectAccessible(page, where);
    };

    await page.goto('/');
    await useLanguage(page, language);
    await look('the start page');
    await page.getByRole('link', { name: word(language, 'common.sign_in'), exact: true }).click();
    await page.waitForURL('**/login');
    await look('the sign-in page');
    await signInHere(page, server, 'patient');
    await page.waitForURL('**/patient');
    await useLanguage(page, language);
    await look("the patient's first page");
    const name = (await page.locator('.account__who > div').first().textContent()) ?? '';

    const file = libreView({ days: 14, lows: true });
    await importFile(page, file.text);
    await look('the preview of a file');
    await expect(page.locator('main')).toContainText('LibreView');
    await page.locator('form[action$="/confirm"] [type=submit]').click();
    await page.waitForURL((url) => !url.pathname.endsWith('/confirm'));
    await expect(page.locator('.flash')).toContainText(String(file.readings));
    await look('after the import');

    await test.step('the same file again adds nothing', async () => {
      await importFile(page, file.text);
      await expect(page.locator('form[action$="/confirm"]')).toHaveCount(0);
    });

    await page.goto('/patient/trends');
    await expect(page.locator('svg.chart-svg').first()).toBeVisible();
    await look("the patient's trends");
    await signOut(page);

    await page.goto('/login');
    await signInHere(page, server, 'doctor');
    await page.waitForURL('**/doctor');
    await useLanguage(page, language);
    await look('the work list');
    const rows = page.locator('[data-row]');
    const row = rows.filter({ hasText: name });
    await expect(row).toHaveCount(1);
    await expect(row.locator('.panel__first')).not.toBeEmpty();
    await expect(row.locator('.priority')).toHaveText(
      new RegExp(`${word(language, 'words.priority_urgent')}|${word(language, 'words.priority_soon')}`),
    );

    await row.locator('[data-open]').click();
    await page.waitForURL(/\/doctor\/patients\/[0-9a-f-]{36}/);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
    await expect(page.locator('.figures .figure__value').first()).toHaveText(/\d/);
    await expect(page.locator('.chart--profile .chart-drawing .chart-svg').first()).toBeVisible();
    await expect(page.locator('.chart--daily .chart-drawing .chart-svg').first()).toBeVisible();
    await look('the report');
  });
}
