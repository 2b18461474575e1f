import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Runner, started, text } from './support/runner.mjs';

/** Starts a tenant of one file; resolves to the message of the error it is refused with. */
async function refused(t, source, file = 'server.mjs') {
  const root = await mkdtemp(join(tmpdir(), 'tenant-'));
  t.after(() => rm(root, { recursive: true }));
  await writeFile(join(root, file), source);
  const { error } = await new Runner(t).start(file, root);
  assert.equal(error?.code, -32603);
  return error.message;
}

/** A tenant whose registration is one line, the third of its file. */
const registering = (line) => `// line 1\nexport default (mcp) => {\n  ${line}\n};\n`;
const handler = "() => 'x'";

test('the answer to smcp/start names the runner', async (t) => {
  const { result } = await new Runner(t).start('minimal.mjs');
  assert.deepEqual(result, { runner: 'smcp-js/1' });
});

test('a process never changes its tenant', async (t) => {
  const runner = await started(t, 'minimal.mjs');
  const { error } = await runner.start('everything.mjs');
  assert.equal(error.code, -32600);
  assert.match(error.message, /already asked \(serving\)/);
  assert.equal((await runner.request('tools/list')).result.tools.length, 1);
});

test('a failed start is not tried again, and nothing is served', async (t) => {
  const runner = new Runner(t);
  assert.equal((await runner.start('nosuch.mjs')).error.code, -32603);
  assert.match((await runner.start('minimal.mjs')).error.message, /already asked \(failed\)/);
  assert.match((await runner.request('tools/list')).error.message, /not serving \(failed\)/);
});

test('nothing is served before the start', async (t) => {
  const { error } = await new Runner(t).request('tools/list');
  assert.equal(error.code, -32600);
  assert.match(error.message, /send smcp\/start/);
});

test('parameters of smcp/start are checked', async (t) => {
  const message = async (entry, root, more) => (await new Runner(t).start(entry, root, more)).error.message;
  assert.match(await message('minimal.mjs', 'relative'), /params\.root must be an absolute path, got "relative"/);
  assert.match(await message('', undefined), /params\.entry must be a path, got ""/);
  assert.match(await message('../contract.test.mjs'), /params\.entry "\.\.\/contract\.test\.mjs" leaves the package/);
  assert.match(await message('/etc/hostname'), /leaves the package/);
  assert.match(await message('minimal.mjs', undefined, { instructions: 5 }), /params\.instructions must be a text, got 5/);
});

test('what is wrong with the module is told with its file and line', async (t) => {
  assert.match(await refused(t, 'const a = 1;\nconst b = ;\n'), /^server\.mjs:2: Unexpected token ';'/);
  assert.match(await refused(t, "const a = 1;\nimport x from 'node:fs' of;\n"), /^server\.mjs:2: /);
  assert.match(await refused(t, '\n\nthrow new Error("no network");'), /^server\.mjs:3:7: no network$/);
  assert.match(await refused(t, "import './missing.mjs';"), /^server\.mjs: Cannot find module .*missing\.mjs/);
  assert.match(await refused(t, "import { nosuch } from 'node:fs';"), /^server\.mjs:1: .*does not provide an export named 'nosuch'/);
  assert.match(await refused(t, 'export default 5;'), /^server\.mjs: the default export must be a function \(mcp\) => void, got 5$/);
  assert.match(await refused(t, ''), /^server\.mjs: the default export must be a function/);
  assert.match(await refused(t, 'export default async () => {\n  null.x;\n};'), /^server\.mjs:2:8: Cannot read properties of null/);
});

test('a syntax error in an imported module is told with that module', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'tenant-'));
  t.after(() => rm(root, { recursive: true }));
  await writeFile(join(root, 'server.mjs'), "import './tools.mjs';\n");
  await writeFile(join(root, 'tools.mjs'), '\n\nexport const = 5;\n');
  const { error } = await new Runner(t).start('server.mjs', root);
  assert.match(error.message, /^tools\.mjs:3: Unexpected token/);
});

test('what is wrong with a registration is told with file, line, name and JSON pointer', async (t) => {
  const cases = [
    [`mcp.tool('bad name', {}, ${handler})`, /tool "bad name": the name must match/],
    [`mcp.tool('t', {})`, /tool "t": the handler must be a function, got undefined/],
    [`mcp.tool('t', { inputSchema: {} }, ${handler})`, /tool "t": unknown option "inputSchema"; known are title, description, input/],
    [`mcp.tool('t', { description: 5 }, ${handler})`, /tool "t": description must be a text, got 5/],
    [`mcp.tool('t', {}, ${handler}); mcp.tool('t', {}, ${handler})`, /tool "t": registered twice/],
    [`mcp.tool('t', { input: { type: 'object', properties: { a: { type: 'strng' } } } }, ${handler})`, /tool "t": input at \/properties\/a\/type: expected one of object, array, .*got "strng"/],
    [`mcp.tool('t', { input: { type: 'string' } }, ${handler})`, /tool "t": input at \/type: the root must have type "object", got "string"/],
    [`mcp.tool('t', { output: 5 }, ${handler})`, /tool "t": output at the root: expected a JSON Schema object, got 5/],
    [`mcp.resource('no uri', { name: 'x' }, ${handler})`, /resource "no uri": expected an absolute URI/],
    [`mcp.resource('a:b', {}, ${handler})`, /resource "a:b": name must be a text, got undefined/],
    [`mcp.resource('a:b', { name: 'x', cache: { ttlMs: -1 } }, ${handler})`, /cache\.ttlMs must be an integer of at least 0, got -1/],
    [`mcp.resource('a:b', { name: 'x', cache: { scope: 'all' } }, ${handler})`, /cache\.scope must be "private" or "public", got "all"/],
    [`mcp.resourceTemplate('a:{?q}', { name: 'x' }, ${handler})`, /resource template "a:\{\?q\}": uriTemplate \{\?q\} is not supported; use \{name\}/],
    [`mcp.resourceTemplate('a:{b}', { name: 'x', complete: { c: [] } }, ${handler})`, /complete\.c is no variable of the template/],
    [`mcp.prompt('', {}, ${handler})`, /prompt "": the name must be a text/],
    [`mcp.prompt('p', { arguments: [{ name: 'a' }, { name: 'a' }] }, ${handler})`, /an argument is named twice/],
    [`mcp.prompt('p', { arguments: [{ name: 'a', type: 'x' }] }, ${handler})`, /prompt "p": arguments\[0\]: unknown option "type"/],
    [`mcp.prompt('p', { arguments: [{ name: 'a', complete: 5 }] }, ${handler})`, /complete of "a" must be a function or an array, got 5/],
    ['mcp.changed("everything")', /changed: expected "tools", "prompts" or "resources", got "everything"/],
  ];
  for (const [line, words] of cases) {
    const message = await refused(t, registering(line));
    assert.match(message, /^server\.mjs:3:\d+: /, line);
    assert.match(message, words);
  }
});

test('entries may be CommonJS, and registration may be asynchronous', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'tenant-'));
  t.after(() => rm(root, { recursive: true }));
  await writeFile(join(root, 'server.cjs'), "module.exports = async (mcp) => { await null; mcp.tool('late', {}, () => 'x'); };");
  const runner = new Runner(t);
  assert.deepEqual((await runner.start('server.cjs', root)).result, { runner: 'smcp-js/1' });
  assert.equal((await runner.request('tools/list')).result.tools[0].name, 'late');
});

test('changes at run time are told, once a write, and the lists follow', async (t) => {
  const runner = await started(t, 'everything.mjs');
  assert.deepEqual(runner.notifications, [], 'registration is not a change');
  await runner.call('addTool', { name: 'fresh' });
  assert.equal((await runner.call('fresh')).result.content[0].text, 'fresh');
  assert.equal((await runner.request('tools/list')).result.tools.at(-1).name, 'fresh');
  assert.equal((await runner.call('removeTool', { name: 'fresh' })).result.content[0].text, 'true');
  assert.equal((await runner.call('removeTool', { name: 'fresh' })).result.content[0].text, 'false');
  assert.equal((await runner.call('fresh')).error.code, -32602);
  await runner.call('tell', { kinds: ['prompts', 'resources', 'prompts'], uris: ['a:b', 'a:c', 'a:b'] });
  await runner.settled();
  assert.deepEqual(runner.notifications.map(({ method, params }) => [method, params?.uri]), [
    ['notifications/tools/list_changed', undefined],
    ['notifications/tools/list_changed', undefined],
    ['notifications/prompts/list_changed', undefined],
    ['notifications/resources/list_changed', undefined],
    ['notifications/resources/updated', 'a:b'],
    ['notifications/resources/updated', 'a:c'],
  ]);
});

test('signals that stop a node do not end its tenants', async (t) => {
  const runner = await started(t, 'everything.mjs');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.kill(runner.pid, signal);
    assert.equal(text(await runner.call('add', { a: 1, b: 2 })), '3');
  }
});
