// A doctor's day without a mouse: the work list and the report, by keyboard alone.
import type { Locator, Page } from '@playwright/test';

import { signIn } from '../support/people';
import { expect, test } from '../support/test';

/** Presses Tab until something holds the focus, as a person does, and sees where they are. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toHaveCount(1);
  for (let presses = 0; presses < 150; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      const outline = await target.evaluate((element) => getComputedStyle(element).outlineStyle);
      expect(outline, 'the focus is seen').not.toBe('none');
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`150 presses of Tab do not reach ${target}`);
}

async function press(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}

/** The list's own keys work once the application runs. A phone has them too, but is not told. */
async function running(page: Page): Promise<void> {
  await expect(page.locator('.shortcuts:not([hidden])')).toBeAttached();
}

/** The work list, ready for keys. */
async function openList(page: Page): Promise<void> {
  await page.goto('/doctor');
  await running(page);
}

const rows = (page: Page): Locator => page.locator('[data-row]');

test('the work list is walked, searched and reviewed', async ({ page, server }) => {
  await signIn(page, server, 'doctor');
  await openList(page);
  const link = (row: number) => rows(page).nth(row).locator('[data-open]');
  await page.keyboard.press('j');
  await expect(link(0)).toBeFocused();
  await page.keyboard.press('j');
  await expect(link(1)).toBeFocused();
  await page.keyboard.press('k');
  await expect(link(0)).toBeFocused();
  const name = await link(0).innerText();
  await page.keyboard.press('r');
  await expect(page.locator('.flash')).toBeVisible();
  await press(page, page.locator('.flash [type=submit]'));
  await expect(rows(page).filter({ hasText: name }).locator('input[name=reviewed]')).toHaveValue('yes');

  await running(page);
  await page.keyboard.press('/');
  await expect(page.locator('#panel-search')).toBeFocused();
  await page.keyboard.type('arvind');
  await page.keyboard.press('Enter');
  await expect(rows(page)).toHaveCount(1);
  await press(page, link(0));
  await page.waitForURL('**/doctor/patients/*');
  await expect(page.locator('h1')).toContainText('Arvind');
});

test('a filter and an order are chosen and kept as a view', async ({ page, server }) => {
  await signIn(page, server, 'doctor');
  await openList(page);
  await press(page, page.locator('.panel-filters a[href*="filter=needsAttention"]'));
  await page.waitForURL('**/doctor?filter=needsAttention');
  await press(page, page.locator('.panel-sorts a[href*="sort=name"]'));
  await page.waitForURL('**/doctor?sort=name&filter=needsAttention');
  await press(page, page.locator('.panel-own a[href^="/doctor/views"]'));
  await page.waitForURL('**/doctor/views?*');
  await tabTo(page, page.locator('input[name=name]'));
  await page.keyboard.type('Attention by name');
  await page.keyboard.press('Enter');
  await expect(page.locator('.flash')).toBeVisible();
  await press(page, page.locator('.lines a').filter({ hasText: 'Attention by name' }));
  await page.waitForURL('**/doctor?sort=name&filter=needsAttention');
});

test('a report is read: period, tabs, review, export', async ({ page, server }) => {
  await signIn(page, server, 'doctor');
  await openList(page);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/doctor/patients/*');
  await press(page, page.locator('a[href*="days=30"]').first());
  await page.waitForURL('**days=30**');
  await press(page, page.locator('.tabs a[href*="tab=patterns"]'));
  await page.waitForURL('**tab=patterns**');
  await expect(page.locator('.tabs a[aria-current=page]')).toHaveCount(1);

  const menu = (holds: string) => page.locator(`.patient-head details:has(${holds}) > summary`);
  await press(page, menu('form[action$="/review"]'));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('.flash')).toBeVisible();
  await press(page, menu('a[href*="format=csv"]'));
  const file = page.waitForEvent('download');
  await press(page, page.locator('.patient-head a[href*="format=csv"]'));
  expect((await file).suggestedFilename()).toMatch(/^procare-.*\.csv$/);
});
