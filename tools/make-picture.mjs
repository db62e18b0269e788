// The pictures of the README: `cargo xtask build`, then
// CHROMIUM=chromium node tools/make-picture.mjs

import { join } from 'node:path';
import { launch, open, root, serve } from '../tests/browser/harness.mjs';

const server = await serve();
const browser = await launch();
for (const dark of [false, true]) {
  const page = await open(browser, `${server.url}/`, { width: 1280, height: 800, dark, reduced: true });
  await page.waitForFunction(() => document.querySelector('webdis-verify').shadowRoot?.querySelectorAll('#examples option').length > 5);
  await page.locator('#examples').selectOption('demo-bundle');
  await page.waitForSelector('.verdict.proven');
  await page.evaluate(() => document.querySelector('webdis-verify').shadowRoot.activeElement?.blur());
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(root, `docs/page-${dark ? 'dark' : 'light'}.png`) });
}
await browser.close();
await server.close();
