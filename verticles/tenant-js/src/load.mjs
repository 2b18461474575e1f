import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { messageOf, show, stackOf } from './faults.mjs';
import { isObject, own } from './intrinsics.mjs';

/** Imports the entry of a package and lets it register. Throws an error whose message says what is wrong, and in which file and line. */
export async function loadTenant(params, tenant) {
  const root = own(params, 'root');
  const entry = own(params, 'entry');
  if (typeof root !== 'string' || !isAbsolute(root)) throw new TypeError(`params.root must be an absolute path, got ${show(root)}`);
  if (typeof entry !== 'string' || entry === '') throw new TypeError(`params.entry must be a path, got ${show(entry)}`);
  const file = resolve(root, entry);
  if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) throw new TypeError(`params.entry ${show(entry)} leaves the package`);
  const serverInfo = own(params, 'serverInfo');
  try {
    const register = (await import(pathToFileURL(file).href)).default;
    if (typeof register !== 'function') throw new TypeError(`the default export must be a function (mcp) => void, got ${show(register)}`);
    await register(tenant.api(isObject(serverInfo) ? serverInfo : {}));
  } catch (error) {
    const where = place(root, stackOf(error)) ?? (await unparsable(root, error)) ?? entry;
    throw new Error(`${where}: ${messageOf(error)}`, { cause: error });
  }
}

async function unparsable(root, error) {
  return error instanceof SyntaxError ? (await import('./syntax.mjs')).locateSyntaxError(root) : undefined;
}

/** `file:line:column` of the innermost frame inside the package, if there is one. */
function place(root, stack) {
  for (const [, url, position] of stack.matchAll(/(file:\/\/[^\s)]+?|\/[^\s():]+):(\d+(?::\d+)?)/g)) {
    const file = url.startsWith('file:') ? fileURLToPath(url) : url;
    const inside = relative(root, file);
    if (!inside.startsWith('..') && !isAbsolute(inside) && !inside.includes('node_modules')) return `${inside}:${position}`;
  }
  return undefined;
}
