import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Runner, started, text } from './support/runner.mjs';

const LIMIT = 16 * 1024 * 1024;
const call = (id, name, args) => `${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } })}\n`;

test('a line that is not JSON is answered -32700 without an id, and the next one is served', async (t) => {
  const runner = await started(t, 'everything.mjs');
  const lines = ['nonsense', '{', '', '{"jsonrpc":"2.0","id":1', '\u0000', '{"id":01}'];
  runner.write(`${lines.join('\n')}\n`);
  runner.write(Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x0a]));
  await runner.until(({ stray }) => stray.length === lines.length + 1, 'an error for each line');
  for (const { id, error } of runner.stray) {
    assert.equal(id, undefined);
    assert.equal(error.code, -32700);
  }
  assert.match(runner.stray.at(-1).error.message, /not UTF-8/);
  assert.equal(text(await runner.call('add', { a: 1, b: 2 })), '3');
});

test('JSON that is no request is answered -32600', async (t) => {
  const runner = await started(t, 'everything.mjs');
  const lines = ['[]', '5', 'null', '"x"', '{}', '{"id":null,"method":"x"}', '{"id":1.5,"method":"x"}', '{"id":{},"method":"x"}', '{"id":90071992547409930,"method":"x"}'];
  runner.write(`${lines.join('\n')}\n`);
  await runner.until(({ stray }) => stray.length === lines.length, 'an error for each line');
  assert.deepEqual(runner.stray.map(({ id, error }) => [id, error.code]), lines.map(() => [undefined, -32600]));
  const readable = runner.expect(77);
  runner.write('{"jsonrpc":"2.0","id":77}\n');
  assert.equal((await readable).error.code, -32600);
  const odd = runner.expect(78);
  runner.write('{"jsonrpc":"2.0","id":78,"method":"tools/list","params":[]}\n');
  assert.equal((await odd).error.code, -32600);
});

test('unknown notifications, stray answers and cancellations of nothing are ignored', async (t) => {
  const runner = await started(t, 'everything.mjs');
  runner.notify('notifications/nosuch', {});
  runner.notify('notifications/cancelled', { requestId: 'nosuch' });
  runner.notify('notifications/cancelled');
  runner.notify('smcp/start', {});
  runner.write('{"jsonrpc":"2.0","id":"r1","result":{}}\n{"jsonrpc":"2.0","error":{"code":1,"message":"x"}}\n');
  await runner.settled();
  assert.deepEqual(runner.stray, []);
});

test('lines may come in any pieces, and several in one', async (t) => {
  const runner = await started(t, 'everything.mjs');
  const bytes = Buffer.from([call(1, 'echo', { word: 'Grüße 👋 \u2028' }), call(2, 'echo', { n: 2 }), call(3, 'echo', { n: 3 })].join(''));
  const answers = [1, 2, 3].map((id) => runner.expect(id));
  const cuts = [1, 60, 95, 96, 97, 98, 99, 101, bytes.indexOf(10), bytes.indexOf(10) + 1, bytes.length];
  let from = 0;
  for (const to of cuts) {
    const drained = new Promise((resolve) => setImmediate(resolve)); // so that the pieces are written one by one
    runner.write(bytes.subarray(from, to));
    from = to;
    await drained;
  }
  assert.deepEqual((await Promise.all(answers)).map(({ result }) => result.structuredContent), [{ word: 'Grüße 👋 \u2028' }, { n: 2 }, { n: 3 }]);
});

test('a line just within the limit is served, one beyond it is refused and the next one served', async (t) => {
  const runner = await started(t, 'everything.mjs');
  const frame = call(1, 'big', { size: 3, pad: '' });
  const answered = runner.expect(1);
  runner.write(frame.replace('"pad":""', `"pad":"${'x'.repeat(LIMIT + 1 - frame.length)}"`));
  assert.equal(text(await answered), 'xxx');
  const next = runner.expect(2);
  runner.write(frame.replace('"pad":""', `"pad":"${'x'.repeat(LIMIT + 2 - frame.length)}"`));
  runner.write(call(2, 'big', { size: 1 }));
  assert.equal(text(await next), 'x');
  assert.equal(runner.stray.length, 1);
  assert.match(runner.stray[0].error.message, /a line is longer than the limit of 16777216 bytes/);
  assert.equal(runner.stray[0].error.code, -32700);
});

test('a result beyond the limit is an error of its call that names size and limit', async (t) => {
  const runner = await started(t, 'everything.mjs');
  assert.equal(text(await runner.call('big', { size: LIMIT - 200 })).length, LIMIT - 200);
  const { error } = await runner.call('big', { size: LIMIT });
  assert.equal(error.code, -32603);
  assert.match(error.message, /^the result of 167773\d\d bytes exceeds the limit of 16777216 bytes$/);
});

test('many calls at once are all answered, each with its own result', async (t) => {
  const runner = await started(t, 'everything.mjs');
  const calls = Array.from({ length: 5000 }, (_, index) => runner.call('add', { a: index, b: 1 }));
  const sums = (await Promise.all(calls)).map((answer) => Number(text(answer)));
  assert.deepEqual(sums, calls.map((_, index) => index + 1));
});

test('answers come in the order they are ready', async (t) => {
  const runner = await started(t, 'everything.mjs');
  const order = [];
  const held = ['a', 'b', 'c'].map((key) => runner.call('hold', { key }).then((answer) => order.push([key, text(answer).slice(0, 10)])));
  await runner.until(({ stderr }) => stderr.includes('holding c'), 'the calls to be held');
  for (const key of ['c', 'a', 'b']) await runner.call('release', { key });
  await Promise.all(held);
  assert.deepEqual(order, [['c', 'released c'], ['a', 'released a'], ['b', 'released b']]);
});

test('an id in flight cannot be used again', async (t) => {
  const runner = await started(t, 'everything.mjs');
  const held = runner.call('hold', { key: 'x' });
  await runner.until(({ stderr }) => stderr.includes('holding x'), 'the call to be held');
  runner.write(call(held.id, 'add', { a: 1, b: 1 }));
  assert.match((await held).error.message, /already in flight/);
});

test('a cancelled call is told so and sends nothing more', async (t) => {
  const runner = await started(t, 'everything.mjs');
  const held = runner.call('hold', { key: 'x' });
  held.catch(() => {}); // it is never answered
  await runner.until(({ stderr }) => stderr.includes('holding x'), 'the call to be held');
  runner.notify('notifications/cancelled', { requestId: held.id, reason: 'changed my mind' });
  await runner.until(({ stderr }) => stderr.includes('aborted x: cancelled: changed my mind'), 'the abort');
  await runner.call('release', { key: 'x' });
  await runner.settled();
  const unanswered = Symbol('unanswered');
  assert.equal(await Promise.race([held, Promise.resolve(unanswered)]), unanswered);
});

test('while the platform does not read, calls wait outside and lossy notifications are lost, not kept', async (t) => {
  const runner = await started(t, 'everything.mjs');
  runner.pauseReading();
  const bursts = Array.from({ length: 20 }, () => runner.call('burst', { count: 20_000 }, { progress: true }));
  const adds = Array.from({ length: 2000 }, (_, index) => runner.call('add', { a: index, b: 0 }));
  runner.resumeReading();
  for (const burst of bursts) assert.equal(text(await burst), 'burst over');
  for (const [index, add] of adds.entries()) assert.equal(text(await add), `${index}`);
  const progress = runner.notifications.filter(({ method }) => method === 'notifications/progress');
  assert.ok(progress.length > 0 && progress.length < 20 * 20_000, `${progress.length} notifications arrived`);
});

test('more output than the queue holds turns answers into errors, never into silence', async (t) => {
  const runner = await started(t, 'everything.mjs');
  runner.pauseReading();
  const ids = Array.from({ length: 6 }, (_, index) => index + 500);
  const answers = ids.map((id) => runner.expect(id));
  runner.write(ids.map((id) => call(id, 'big', { size: 12_000_000 })).join(''));
  runner.resumeReading();
  const kinds = (await Promise.all(answers)).map(({ result, error }) => (result ? 'result' : error.message.replace(/\d+/, 'n')));
  assert.equal(kinds[0], 'result');
  assert.equal(kinds.at(-1), "the result of n characters found the runner's output queue full");
});

test('end of input ends the process at once, whatever is in flight', async (t) => {
  const runner = await started(t, 'everything.mjs');
  runner.call('hold', { key: 'x' }).catch(() => {});
  await runner.until(({ stderr }) => stderr.includes('holding x'), 'the call to be held');
  runner.end();
  assert.deepEqual(await runner.exited, { code: 0, signal: null });
});

test('end of input ends a process whose exit handlers hang', async (t) => {
  const runner = new Runner(t);
  await runner.start('hanging-exit.mjs');
  runner.end();
  assert.deepEqual(await runner.exited, { code: 0, signal: null });
});

test('end of input ends a process that was never started', async (t) => {
  const runner = new Runner(t);
  runner.end();
  assert.deepEqual(await runner.exited, { code: 0, signal: null });
});
