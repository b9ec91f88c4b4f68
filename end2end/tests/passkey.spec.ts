// Passkeys in a real browser, with Chromium's virtual authenticator in place of a finger.
import type { Page } from '@playwright/test';

import { signIn, signOut } from '../support/people';
import { expect, test } from '../support/test';

/** A device that makes passkeys and finds its owner's finger on it whenever it asks. */
async function addAuthenticator(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return async () => {
    const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId });
    return credentials.length;
  };
}

test.describe('at a name', () => {
  // A passkey is bound to a name; the address 127.0.0.1 is none.
  test.use({ host: 'localhost' });

  test('somebody makes a passkey, signs in with it, and removes it', async ({ page, server }) => {
    const kept = await addAuthenticator(page);
    await signIn(page, server, 'doctor');
    await page.goto('/security');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await expect(page.getByText('The passkey is added')).toBeVisible();
    expect(await kept()).toBe(1);

    await signOut(page);
    await page.goto('/login?next=/doctor%3Fsort=name');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.waitForURL('**/doctor?sort=name');

    await page.goto('/step-up?next=/security');
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.waitForURL('**/security');
    await page.locator('form[action^="/security/passkeys/"] [type=submit]').click();
    await expect(page.getByText('The passkey is removed')).toBeVisible();
    await expect(page.getByText('You have no passkey yet')).toBeVisible();
  });
});

test('where passkeys cannot work none is offered', async ({ page, server }) => {
  await signIn(page, server, 'patient');
  await page.goto('/security');
  await expect(page.getByText('This browser cannot make or use passkeys of this site')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add a passkey' })).toBeHidden();
});
