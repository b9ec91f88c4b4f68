// Before all tests: the demo data once, in a folder that every test copies.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runCommand } from './server';

export default function prepare(): () => void {
  const template = mkdtempSync(join(tmpdir(), 'procare-e2e-demo-'));
  runCommand(template, 'seed');
  process.env.E2E_TEMPLATE = template;
  return () => rmSync(template, { recursive: true, force: true });
}
