import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { META, Runner, started, text } from './support/runner.mjs';

/** One process for the tests that change nothing in it. */
let runner;
const ends = [];
before(async () => {
  runner = await started({ after: (end) => ends.push(end) }, 'everything.mjs');
});
after(() => Promise.all(ends.map((end) => end())));

const refusal = (answer, code, words) => {
  assert.equal(answer.error?.code, code, JSON.stringify(answer));
  assert.match(answer.error.message, words);
  assert.equal(answer.result, undefined);
};

const toolError = (answer, words) => {
  assert.equal(answer.result?.isError, true, JSON.stringify(answer));
  assert.equal(answer.result.resultType, 'complete');
  assert.equal(answer.result.content.length, 1);
  assert.match(text(answer), words);
};

test('discover derives the capabilities from what was registered', async () => {
  const { result } = await runner.request('server/discover');
  assert.deepEqual(result, {
    resultType: 'complete',
    supportedVersions: ['2026-07-28'],
    capabilities: {
      logging: {},
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
      completions: {},
    },
    ttlMs: 0,
    cacheScope: 'private',
  });
});

test('instructions are told by discover', async (t) => {
  const other = new Runner(t);
  await other.start('minimal.mjs', undefined, { instructions: 'Use wisely' });
  const { result } = await other.request('server/discover');
  assert.equal(result.instructions, 'Use wisely');
  assert.deepEqual(result.capabilities, { logging: {}, tools: { listChanged: true } });
});

test('methods of capabilities that are not declared, and unknown ones, do not exist', async (t) => {
  const minimal = await started(t, 'minimal.mjs');
  for (const method of ['resources/list', 'resources/templates/list', 'resources/read', 'prompts/list', 'prompts/get', 'completion/complete', 'ping', 'initialize', 'toString']) {
    refusal(await minimal.request(method), -32601, /is not offered/);
  }
});

test('lists come whole, in the order of registration, with the definitions untouched', async () => {
  const { result } = await runner.request('tools/list');
  assert.deepEqual(Object.keys(result), ['resultType', 'tools', 'ttlMs', 'cacheScope']);
  assert.deepEqual([result.ttlMs, result.cacheScope], [1000, 'public']);
  assert.deepEqual(result.tools.slice(0, 2).map(({ name }) => name), ['add', 'echo']);
  assert.deepEqual(result.tools[0], {
    name: 'add',
    title: 'Add',
    description: 'Adds',
    inputSchema: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a', 'b'], additionalProperties: false },
    annotations: { readOnlyHint: true },
    _meta: { 'x/y': 1, 'smcp/once': true },
  });
  assert.deepEqual(result.tools.find(({ name }) => name === 'about').inputSchema, { type: 'object', additionalProperties: false });
});

test('resources, templates and prompts are listed without what only the runner needs', async () => {
  const { result: resources } = await runner.request('resources/list');
  assert.deepEqual(resources.resources[1], { uri: 'fix://bytes', name: 'Bytes', mimeType: 'application/octet-stream' });
  assert.deepEqual([resources.ttlMs, resources.cacheScope], [0, 'private']);
  const { result: templates } = await runner.request('resources/templates/list');
  assert.deepEqual(templates.resourceTemplates, [{ uriTemplate: 'fix://item/{id}', name: 'Item' }]);
  const { result: prompts } = await runner.request('prompts/list');
  assert.deepEqual(prompts.prompts[0], {
    name: 'greet',
    description: 'Greets',
    arguments: [{ name: 'who', required: true }, { name: 'how' }, { name: 'free' }, { name: 'broken' }],
  });
});

test('an unknown tool or prompt, and a missing prompt argument, are named', async () => {
  refusal(await runner.call('nosuch', {}), -32602, /unknown tool "nosuch"/);
  refusal(await runner.request('tools/call', {}), -32602, /unknown tool/);
  refusal(await runner.call('add', [1]), -32602, /params\.arguments must be an object, got \[1\]/);
  refusal(await runner.request('prompts/get', { name: 'nosuch' }), -32602, /unknown prompt "nosuch"/);
  refusal(await runner.request('prompts/get', { name: 'greet' }), -32602, /prompt "greet" needs the argument "who"/);
  refusal(await runner.request('prompts/get', { name: 'greet', arguments: { who: 1 } }), -32602, /params\.arguments\.who must be a text, got 1/);
});

test('an unknown resource carries its URI', async () => {
  for (const uri of ['fix://nosuch', 'fix://item/none', 'fix://item/a/b']) {
    const answer = await runner.request('resources/read', { uri });
    refusal(answer, -32602, /unknown resource/);
    assert.deepEqual(answer.error.data, { uri });
  }
  refusal(await runner.request('resources/read', { uri: 5 }), -32602, /params\.uri must be a text, got 5/);
});

test('arguments that do not fit are a result that names every violation with its place and value', async () => {
  const answer = await runner.call('add', { a: 'one', c: true });
  toolError(answer, /^Invalid arguments for tool "add":/);
  assert.deepEqual(text(answer).split('\n').slice(1).sort(), [
    '- (root): Instance does not have required property "b".',
    '- /a: Instance type "string" is invalid. Expected "number". Got "one".',
    '- /c: is not allowed here',
  ]);
  toolError(await runner.call('about', { stray: 1 }), /\/stray: is not allowed here/);
});

test('arguments may be absent', async () => {
  assert.equal(text(await runner.request('tools/call', { name: 'close' })), 'closed');
});

test('arguments nested too deeply to be checked are refused, not fatal', async () => {
  const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
  const answer = runner.expect(90_001);
  runner.write(`{"jsonrpc":"2.0","id":90001,"method":"tools/call","params":{"name":"add","arguments":${deep}}}\n`);
  assert.equal((await answer).result.isError, true);
});

test('what a tool throws becomes a result with its message; the stack goes to stderr', async () => {
  for (const tool of ['throws', 'rejects']) {
    const answer = await runner.call(tool, { kind: 'error' });
    toolError(answer, /^the kettle is empty$/);
    toolError(await runner.call(tool, { kind: 'text' }), /^just text$/);
    toolError(await runner.call(tool, { kind: 'nothing' }), /^undefined$/);
    toolError(await runner.call(tool, { kind: 'hostile' }), /cannot be printed/);
    toolError(await runner.call(tool, { kind: 'lookalike' }), /^not ours$/);
    toolError(await runner.call(tool, { kind: 'noCode' }), /code must be an integer, got "x"/);
  }
  await runner.until(({ stderr }) => /the kettle is empty\n\s+at .*everything\.mjs/.test(stderr), 'the stack on stderr');
});

test('the protocol error of the API keeps its code, message and data', async () => {
  for (const tool of ['throws', 'rejects']) {
    const { error } = await runner.call(tool, { kind: 'protocol' });
    assert.deepEqual(error, { code: -32050, message: 'quota used up', data: { quota: 3 } });
  }
});

test('what a handler may return', async () => {
  const returned = async (kind) => (await runner.call('returns', { kind })).result;
  const complete = (rest) => ({ resultType: 'complete', ...rest });
  assert.deepEqual(await returned('text'), complete({ content: [{ type: 'text', text: 'plain' }] }));
  assert.deepEqual(await returned('nothing'), complete({ content: [] }));
  assert.deepEqual(await returned('blocks'), complete({
    content: [{ type: 'text', text: 'one' }, { type: 'image', data: 'AQ==', mimeType: 'image/png' }, { type: 'audio', data: 'AQ==', mimeType: 'audio/wav' }],
  }));
  assert.deepEqual(await returned('block'), complete({ content: [{ type: 'resource_link', uri: 'fix://text', name: 'Text', mimeType: 'text/plain' }] }));
  assert.deepEqual(await returned('resource'), complete({ content: [{ type: 'resource', resource: { uri: 'fix://bytes', blob: 'AQ==' } }] }));
  assert.deepEqual(await returned('content'), complete({ content: [{ type: 'text', text: 'as is' }], isError: true, _meta: { k: 1 } }));
  assert.deepEqual(await returned('structured'), complete({ content: [{ type: 'text', text: '[1,null,"x"]' }], structuredContent: [1, null, 'x'] }));
  assert.deepEqual(await returned('both'), complete({ content: [{ type: 'text', text: 'one' }], structuredContent: 1 }));
});

test('what a handler may not return is an error that says what came', async () => {
  toolError(await runner.call('returns', { kind: 'number' }), /got 42/);
  toolError(await runner.call('returns', { kind: 'object' }), /got an object with \["answer"\]/);
  toolError(await runner.call('returns', { kind: 'cycle' }), /circular/);
});

test('a structured result that does not fit the output schema is an error that says so', async () => {
  assert.deepEqual((await runner.call('typed', { give: { structured: { sum: 3 } } })).result.structuredContent, { sum: 3 });
  toolError(await runner.call('typed', { give: { structured: { sum: 'three' } } }), /does not fit its output schema:\n- \/sum: .*Got "three"/);
  toolError(await runner.call('typed', { give: 'text' }), /returned no structured result/);
  toolError(await runner.call('typed', { give: { content: ['failed'], isError: true } }), /^failed$/);
});

test('structured output may be any JSON, and is checked as it leaves', async () => {
  const { result } = await runner.call('listOut');
  assert.deepEqual(result.structuredContent, ['1970-01-01T00:00:00.000Z']);
  assert.equal(result.isError, undefined);
});

test('resources are read as text, bytes, or several contents, with their cache hints', async () => {
  const read = async (uri) => (await runner.request('resources/read', { uri })).result;
  const complete = (contents, ttlMs = 0, cacheScope = 'private') => ({ resultType: 'complete', contents, ttlMs, cacheScope });
  assert.deepEqual(await read('fix://text'), complete([{ uri: 'fix://text', mimeType: 'text/plain', text: 'hello' }]));
  assert.deepEqual(await read('fix://bytes'), complete([{ uri: 'fix://bytes', mimeType: 'application/octet-stream', blob: 'AQID' }], 500, 'public'));
  assert.deepEqual(await read('fix://several'), complete([{ uri: 'fix://a', text: 'a' }, { uri: 'fix://b', blob: 'Yg==' }], 7, 'public'));
  assert.deepEqual(await read('fix://item/a%20b'), complete([{ uri: 'fix://item/a%20b', text: 'fix://item/a%20b a b', mimeType: 'text/x-item' }]));
});

test('resource, prompt and completion code that throws is an internal error with its message', async () => {
  refusal(await runner.request('resources/read', { uri: 'fix://fails' }), -32603, /^the disk is gone$/);
  refusal(await runner.request('prompts/get', { name: 'fails' }), -32603, /^no prompt today$/);
  const params = { ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'broken', value: '' } };
  refusal(await runner.request('completion/complete', params), -32603, /^no index$/);
});

test('prompts give messages', async () => {
  const { result } = await runner.request('prompts/get', { name: 'greet', arguments: { who: 'Ada' } });
  assert.deepEqual(result, {
    resultType: 'complete',
    description: 'Greets',
    messages: [
      { role: 'user', content: { type: 'text', text: 'Greet Ada' } },
      { role: 'assistant', content: { type: 'text', text: 'I will.' } },
    ],
  });
});

test('completions are cut to 100 and say how many there are', async () => {
  const complete = async (ref, name, value, context) =>
    runner.request('completion/complete', { ref, argument: { name, value }, ...(context && { context }) });
  const prompt = { type: 'ref/prompt', name: 'greet' };
  const { result } = await complete(prompt, 'who', '');
  assert.equal(result.resultType, 'complete');
  assert.equal(result.completion.values.length, 100);
  assert.deepEqual([result.completion.total, result.completion.hasMore], [250, true]);
  assert.deepEqual((await complete(prompt, 'how', 'w')).result.completion, { values: ['Warmly'], total: 1, hasMore: false });
  assert.deepEqual((await complete(prompt, 'free', 'w')).result.completion, { values: [] });
  const template = { type: 'ref/resource', uri: 'fix://item/{id}' };
  assert.deepEqual((await complete(template, 'id', 'x', { arguments: { of: 'y' } })).result.completion.values, ['x1', 'x-y']);
  refusal(await complete(prompt, 'nosuch', ''), -32602, /has no argument "nosuch"/);
  refusal(await complete({ type: 'ref/prompt', name: 'nosuch' }, 'a', ''), -32602, /unknown completion reference .*nosuch/);
  refusal(await complete({ type: 'ref/other' }, 'a', ''), -32602, /unknown completion reference/);
  refusal(await runner.request('completion/complete', { ref: prompt }), -32602, /params\.argument must be \{name, value\}/);
});

test('progress is sent to those who asked, strictly growing, never after the answer', async () => {
  const asked = runner.call('progress', { values: [1, 1, 0.5, 2, 2.5] }, { progress: true });
  assert.equal(text(await asked), 'true');
  assert.equal(text(await runner.call('progress', { values: [1] })), 'false');
  await runner.settled();
  const sent = runner.notifications.filter(({ method }) => method === 'notifications/progress');
  assert.deepEqual(sent.map(({ params }) => params), [1, 2, 2.5].map((progress) => ({ progressToken: asked.id, progress, total: 10, message: `at ${progress}` })));
});

test('messages are sent at or above the level the request asked for', async () => {
  await runner.call('logs', { levels: ['emergency'] });
  const asked = runner.call('logs', { levels: ['debug', 'warning', 'error'] }, { [`${META}logLevel`]: 'warning' });
  await asked;
  const sent = runner.notifications.filter(({ method }) => method === 'notifications/message');
  assert.deepEqual(sent.map(({ params }) => params), ['warning', 'error'].map((level) => ({ level, logger: 'fixture', data: { level }, _meta: { 'smcp/call': asked.id } })));
  refusal(await runner.call('logs', { levels: [] }, { [`${META}logLevel`]: 'loud' }), -32602, /logLevel must be one of .*got "loud"/);
  toolError(await runner.call('logs', { levels: ['loud'] }), /level must be one of/);
});

test('closeStream names its call', async () => {
  const asked = runner.call('close');
  await asked;
  const sent = runner.notifications.findLast(({ method }) => method === 'notifications/smcp/closeStream');
  assert.deepEqual(sent.params, { _meta: { 'smcp/call': asked.id }, retryMs: 100 });
});

test('a handler sees the client, the whole _meta and its own server', async () => {
  const clientInfo = { name: 'probe', version: '3' };
  const answer = await runner.call('about', {}, { capabilities: { roots: {} }, [`${META}clientInfo`]: clientInfo, traceparent: '00-1-2-01', 'x/foreign': [1] });
  const { client, meta, server } = answer.result.structuredContent;
  assert.deepEqual(client, { info: clientInfo, capabilities: { roots: {} } });
  assert.equal(meta.traceparent, '00-1-2-01');
  assert.deepEqual(meta['x/foreign'], [1]);
  assert.equal(server.name, 'fixture');
});

test('ids come back with their JSON type', async () => {
  const line = (id) => `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":"tools/call","params":{"name":"close"}}\n`;
  for (const id of ['900', 900, 'a"b\\\u2028é', Number.MAX_SAFE_INTEGER, -1]) {
    const answer = runner.expect(id);
    runner.write(line(id));
    assert.equal(text(await answer), 'closed');
  }
});
