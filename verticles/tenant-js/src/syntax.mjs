// Where a syntax error is. Node tells the place of one in an ES module only while it dies of it; an `import()` that fails says what, not
// where. So after a failed start this file runs once more as a process of its own, which parses the package's modules, runs none of them,
// and dies of the first that cannot be parsed.

import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as vm from 'node:vm';

const SELF = fileURLToPath(import.meta.url);
const MAX_FILES = 500;
const DEADLINE = 5_000; // milliseconds

/** `file:line` of the first module of the package that cannot be parsed; undefined if there is none, or the box allows no second process. */
export function locateSyntaxError(root) {
  const flags = [...process.execArgv, '--experimental-vm-modules', '--no-warnings'];
  const options = { encoding: 'utf8', timeout: DEADLINE, stdio: ['ignore', 'ignore', 'pipe'] };
  const { stderr } = spawnSync(process.execPath, [...flags, SELF, root], options);
  const place = /^(.+):(\d+)\n/.exec(stderr ?? '');
  return place?.[1].startsWith(root) ? `${relative(root, place[1])}:${place[2]}` : undefined;
}

function* modules(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* modules(path);
    else if (entry.isFile() && /\.m?js$/.test(entry.name)) yield path;
  }
}

function parseAll(root) {
  let count = 0;
  for (const path of modules(root)) {
    if (++count > MAX_FILES) return;
    void new vm.SourceTextModule(readFileSync(path, 'utf8'), { identifier: path });
  }
}

if (process.argv[1] === SELF) parseAll(process.argv[2]);
