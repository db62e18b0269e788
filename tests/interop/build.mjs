#!/usr/bin/env node
// Builds the tools of tools.json: `node tests/interop/build.mjs [NAME...]`,
// all without a name. With `--ready` it builds nothing and only says by its
// exit code whether they are there; without a name, those the suite cannot do
// without.
import { NEEDED, TOOLS, build, tool, which } from './lib.mjs';

const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith('--'));
const unknown = names.find((name) => !(name in TOOLS));
if (unknown) throw new Error(`no tool ${unknown}; there are: ${Object.keys(TOOLS).join(', ')}`);

if (words.includes('--ready')) process.exit((names.length ? names : NEEDED).every(tool) ? 0 : 1);
// The cheap ones first, and those that two steps need: the order of tools.json.
const missing = Object.keys(TOOLS).filter((name) => (!names.length || names.includes(name)) && !tool(name));
let failed = false;
for (const [at, name] of missing.entries()) {
  const begun = Date.now();
  const what = `${name} ${TOOLS[name].version} (${at + 1} of ${missing.length})`;
  try {
    if (!which('go')) throw new Error('Go is not installed; 1.26 or later builds it (go.dev/dl)');
    console.error(`go: building ${what}`);
    await build(name);
    console.error(`go: built ${what} in ${Math.round((Date.now() - begun) / 1000)} s`);
  } catch (error) {
    failed = true;
    console.error(`go: ${what} cannot be had: ${error.message}`);
  }
}
process.exit(failed ? 1 : 0);
