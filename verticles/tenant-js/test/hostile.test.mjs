import assert from 'node:assert/strict';
import { test } from 'node:test';
import { started, text } from './support/runner.mjs';

/** What must go on working, whatever tenant code did to the realm. */
async function stillServes(runner) {
  assert.equal(text(await runner.call('add', { a: 1, b: 2 })), '3');
  const wrong = await runner.call('add', { a: 'x' });
  assert.equal(wrong.result.isError, true);
  assert.equal((await runner.call('nosuch', {})).error.code, -32602);
  assert.equal((await runner.request('nosuch')).error.code, -32601);
  assert.equal((await runner.request('resources/read', { uri: 'fix://text' })).result.contents[0].text, 'hello');
  assert.deepEqual(runner.stray, []);
}

test('additions to Object.prototype neither reach the link nor fail valid arguments', async (t) => {
  const runner = await started(t, 'everything.mjs');
  await runner.call('spoil', { kind: 'objectPrototype' });
  runner.notify('notifications/cancelled', {});
  await stillServes(runner);
  const violations = text(await runner.call('add', { a: 1 }));
  assert.doesNotMatch(violations, /stranger/);
});

test('toJSON on the prototypes of arrays and strings does not break the frames', async (t) => {
  const runner = await started(t, 'everything.mjs');
  await runner.call('spoil', { kind: 'toJSON' });
  assert.equal((await runner.request('tools/list')).result.tools[0].name, 'add');
  assert.equal((await runner.call('nosuch', {})).error.message, 'unknown tool "nosuch"');
  assert.equal((await runner.call('big', { size: 1 })).result.resultType, 'complete');
});

test('replaced built-ins do not break framing and dispatch', async (t) => {
  const runner = await started(t, 'everything.mjs');
  await runner.call('add', { a: 1, b: 1 });
  await runner.call('spoil', { kind: 'builtins' });
  const ids = ['one', 2];
  const answers = ids.map((id) => runner.expect(id));
  runner.write(ids.map((id) => `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":"tools/call","params":{"name":"big","arguments":{"size":2}}}\n`).join(''));
  assert.deepEqual((await Promise.all(answers)).map(({ id, result }) => [id, result.resultType]), [['one', 'complete'], [2, 'complete']]);
  assert.equal((await runner.call('nosuch', {})).error.code, -32602);
});

test('what tenant code prints goes to stderr, not into the link', async (t) => {
  const runner = await started(t, 'everything.mjs', { pipes: true });
  for (const kind of ['stdout', 'descriptor']) assert.equal(text(await runner.call('spoil', { kind })), 'spoilt');
  const printed = ['printed by console.log', 'printed by process.stdout', 'printed by descriptor'];
  await runner.until(({ stderr }) => printed.every((line) => stderr.includes(line)), 'the lines on stderr');
  await stillServes(runner);
});

test('console and process.stdout are taken away also where the descriptors cannot be', async (t) => {
  const runner = await started(t, 'everything.mjs');
  await runner.call('spoil', { kind: 'stdout' });
  await runner.until(({ stderr }) => stderr.includes('console.log') && stderr.includes('process.stdout'), 'the lines on stderr');
  await stillServes(runner);
});

test('child processes and reads of descriptor 0 get neither the link\'s input nor its output', async (t) => {
  const runner = await started(t, 'descriptors.mjs', { pipes: true });
  const { structuredContent } = (await runner.call('look', {})).result;
  assert.deepEqual(structuredContent, { fromZero: '', fromStdin: '' });
  await runner.until(({ stderr }) => stderr.includes('printed by a child'), "the child's line on stderr");
  assert.deepEqual(runner.stray, []);
});

test('a forgotten rejection is logged and nothing else happens', async (t) => {
  const runner = await started(t, 'everything.mjs');
  assert.equal(text(await runner.call('lateReject')), 'answered');
  await runner.until(({ stderr }) => /unhandled rejection: Error: rejected and forgotten/.test(stderr), 'the rejection on stderr');
  await stillServes(runner);
});

test('an exception that reaches the event loop ends the process, after what was answered has left', async (t) => {
  const runner = await started(t, 'everything.mjs');
  assert.equal(text(await runner.call('lateThrow')), 'answered before');
  assert.deepEqual(await runner.exited, { code: 70, signal: null });
  assert.match(runner.stderr, /uncaught exception, the tenant ends: Error: thrown in a timer/);
});
