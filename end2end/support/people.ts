// The demo people, and signing in as one of them.
import { type Page, expect } from '@playwright/test';

import type { Message, Server } from './server';

export const DEMO = {
  doctor: '+919876500001',
  admin: '+919876500002',
  patient: '+919876500010',
  caregiver: '+919876500020',
} as const;

/** The newest code sent to a phone after the first `seen` messages; waits for it. */
export async function newestCode(server: Server, phone: string, seen: number): Promise<string> {
  let code: string | undefined;
  await expect
    .poll(
      () => {
        const mine = server.messages().slice(seen).filter((message: Message) => message.to === phone && message.code);
        code = mine[mine.length - 1]?.code;
        return code;
      },
      { message: `a code for ${phone.slice(0, 3)}...` },
    )
    .toMatch(/^\d{6}$/);
  return code ?? '';
}

/** Signs in through the pages, as a person does: phone number, code from the outbox. */
export async function signIn(page: Page, server: Server, phone: string): Promise<void> {
  const seen = server.messages().length;
  await page.goto('/login');
  await page.locator('input[name=phone]').fill(phone);
  await page.locator('form:has(input[name=phone]) [type=submit]').click();
  await page.waitForURL('**/login/code**');
  await page.locator('input[name=code]').fill(await newestCode(server, phone, seen));
  await page.locator('form:has(input[name=code]) [type=submit]').click();
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
}
