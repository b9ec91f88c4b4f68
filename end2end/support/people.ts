// The demo people, and signing in as one of them.
import { type Locator, type Page, expect } from '@playwright/test';

import type { Server } from './server';
import type { Language } from './words';

export const DEMO = {
  doctor: '+919876500001',
  admin: '+919876500002',
  patient: '+919876500010',
  caregiver: '+919876500020',
} as const;

export type Who = keyof typeof DEMO;

/**
 * The newest code sent to a phone after the first `seen` messages; waits for it. What the authenticator app of the demo's
 * staff would show is there too, as the template `second-factor`.
 */
export async function newestCode(server: Server, phone: string, seen: number, template = 'otp'): Promise<string> {
  let code = '';
  await expect
    .poll(() => {
      const mine = server.messages().slice(seen).filter((message) => message.to === phone && message.template === template);
      code = mine[mine.length - 1]?.code ?? '';
      return code;
    }, 'a code in the outbox')
    .toMatch(/^\d{6}$/);
  return code;
}

/** The button that sends the form around a field. */
export function submitOf(page: Page, field: string): Locator {
  return page.locator(`form:has([name="${field}"]) [type=submit]`);
}

/** Signs in from the sign-in page on, as a person does: phone number, code from the outbox. */
export async function signInHere(page: Page, server: Server, who: Who): Promise<void> {
  const phone = DEMO[who];
  const seen = server.messages().length;
  // As people write it.
  await page.locator('input[name=phone]').fill(`0${phone.slice(3, 8)} ${phone.slice(8)}`);
  await submitOf(page, 'phone').click();
  await page.waitForURL('**/login/code**');
  await page.locator('input[name=code]').fill(await newestCode(server, phone, seen));
  await submitOf(page, 'code').click();
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
  if (new URL(page.url()).pathname !== '/second-factor') return;
  await page.locator('input[name=code]').fill(await newestCode(server, phone, seen, 'second-factor'));
  await submitOf(page, 'code').click();
  await page.waitForURL((url) => url.pathname !== '/second-factor');
}

/** Signs in. */
export async function signIn(page: Page, server: Server, who: Who): Promise<void> {
  await page.goto('/login');
  await signInHere(page, server, who);
}

/** Signs out by the button of the page. */
export async function signOut(page: Page): Promise<void> {
  await page.goto('/settings');
  await page.locator('form[action="/logout"] [type=submit]:visible').first().click();
  await page.waitForURL((url) => ['/', '/login'].includes(url.pathname));
}

/** Switches the language by the page's own button, if it is another. */
export async function useLanguage(page: Page, language: Language): Promise<void> {
  if ((await page.locator('html').getAttribute('lang')) !== language) {
    await page.locator('form[action="/language"] [type=submit]').first().click();
  }
  await expect(page.locator('html')).toHaveAttribute('lang', language);
}

/** Sends a LibreView file and stores what it holds. Gives the address of the preview. */
export async function importFile(page: Page, text: string): Promise<string> {
  await page.goto('/patient/import');
  await page.locator('input[type=file][name=file]').setInputFiles({
    name: 'Demo_glucose.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(text),
  });
  await submitOf(page, 'file').click();
  await page.waitForURL(/\/patient\/import\/[0-9a-f-]{36}/);
  return new URL(page.url()).pathname;
}

/** Opens the patient whom the signed-in doctor sees first: one with a sensor, in need. */
export async function openFirstPatient(page: Page): Promise<void> {
  await page.goto('/doctor');
  const href = await page.locator('[data-row] [data-open]').first().getAttribute('href');
  await page.goto(href ?? '');
  await expect(page.locator('h1')).toBeVisible();
}
