// Every page of every portal: accessible in light and dark, in both languages, and never wider than the screen.
import type { Page } from '@playwright/test';

import { expectAccessible, expectNoSidewaysScroll } from '../support/axe';
import { type Who, signIn, useLanguage } from '../support/people';
import { expect, test } from '../support/test';
import { LANGUAGES } from '../support/words';

const PUBLIC = ['/', '/login', '/login/code', '/no-such-page'];
const PORTALS: Record<Who, string[]> = {
  patient: [
    '/patient',
    '/patient/log',
    '/patient/meals/new',
    '/patient/history',
    '/patient/history?kind=meals',
    '/patient/trends',
    '/patient/import',
    '/patient/care-team',
    '/patient/care-team/connect',
    '/patient/access-log',
    '/patient/more',
    '/settings',
    '/settings/data',
    '/security',
    '/security/phone',
    '/security/phone/code',
    '/second-factor/setup',
    '/step-up',
  ],
  doctor: [
    '/doctor',
    '/doctor?filter=needsAttention',
    '/doctor/views',
    '/doctor/analytics',
    '/doctor/analytics?group=covered',
    '/doctor?sort=name',
    '/doctor/connect',
    '/doctor/emergency',
    '/settings',
    '/settings/data',
    '/security',
    '/second-factor/setup',
    '/step-up',
  ],
  caregiver: ['/caregiver', '/settings', '/settings/data'],
  admin: ['/admin', '/admin/staff', '/admin/clinics', '/admin/links', '/admin/audit', '/settings'],
};
/** Pages behind a link of another page: where it is, and which. */
const BEHIND: Partial<Record<Who, [string, string][]>> = {
  patient: [['/patient/history', 'main a[href^="/patient/history/"]']],
  doctor: [['/doctor', '[data-row] [data-open]']],
  caregiver: [['/caregiver', 'main a[href^="/caregiver/"]']],
};

async function look(page: Page, where: string): Promise<void> {
  await expect(page.locator('h1'), where).toHaveCount(1);
  await expectNoSidewaysScroll(page, where);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page, `${where}, ${colorScheme}`);
  }
}

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.describe('nobody signed in', () => {
      test.use({ expected: [/status of 404/] });
      test('public pages', async ({ page }) => {
        await page.goto('/');
        await useLanguage(page, language);
        for (const path of PUBLIC) {
          await page.goto(path);
          await look(page, path);
        }
      });
    });

    for (const [who, paths] of Object.entries(PORTALS) as [Who, string[]][]) {
      test(`pages of the ${who}`, async ({ page, server }) => {
        test.slow();
        await signIn(page, server, who);
        await useLanguage(page, language);
        for (const path of paths) {
          const answer = await page.goto(path);
          expect(answer?.status(), path).toBe(200);
          await look(page, path);
        }
        for (const [from, link] of BEHIND[who] ?? []) {
          await page.goto(from);
          const href = (await page.locator(link).first().getAttribute('href')) ?? '';
          await page.goto(href);
          await look(page, `the page behind ${link}`);
        }
      });
    }
  });
}
