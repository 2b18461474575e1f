// The samples are documentation: what they say they do is checked here, and smcp.json is what the platform will read.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { META, Runner, text } from './support/runner.mjs';

const ALL = { elicitation: {}, sampling: {}, roots: {} };

async function sample(t, name) {
  const root = fileURLToPath(new URL(`../../samples/${name}`, import.meta.url));
  const { name: declared, version, title, entry, instructions } = JSON.parse(await readFile(`${root}/smcp.json`, 'utf8'));
  assert.equal(declared, name);
  const runner = new Runner(t);
  const { error } = await runner.start(entry, root, { serverInfo: { name, version, title }, instructions });
  assert.equal(error, undefined);
  return runner;
}

test('hello-js converts, counts, books, describes cities and completes', async (t) => {
  const runner = await sample(t, 'hello-js');
  assert.deepEqual((await runner.call('convert_temperature', { celsius: 100 })).result.structuredContent, { fahrenheit: 212, kelvin: 373.15 });
  assert.match(text(await runner.call('convert_temperature', { celsius: -300 })), /\/celsius: .*Got -300/);
  assert.equal(text(await runner.call('count_down', { from: 2 }, { progress: true })), 'Lift-off!');
  assert.deepEqual(runner.notifications.map(({ params }) => params.progress), [0, 1]);
  const asked = await runner.call('book_table', { people: 2 }, { capabilities: ALL });
  const { requestState } = asked.result;
  const inputResponses = { guest: { action: 'accept', content: { name: 'Ada' } } };
  const booked = await runner.call('book_table', { people: 2 }, { capabilities: ALL, requestState, inputResponses });
  const number = JSON.parse(requestState).o.number;
  assert.equal(text(booked), `Booked a table for 2 in the name of Ada, number ${number}.`);
  const city = await runner.request('resources/read', { uri: 'city://Oslo' });
  assert.deepEqual(JSON.parse(city.result.contents[0].text), { summer: 22, winter: -1 });
  assert.equal((await runner.request('resources/read', { uri: 'city://Atlantis' })).error.code, -32602);
  const ref = { type: 'ref/prompt', name: 'packing_list' };
  const completed = await runner.request('completion/complete', { ref, argument: { name: 'city', value: 'l' } });
  assert.deepEqual(completed.result.completion.values, ['Lisbon', 'London']);
  assert.match((await runner.request('prompts/get', { name: 'packing_list', arguments: { city: 'Oslo' } })).result.messages[0].content.text, /city:\/\/Oslo/);
});

test('conformance-js lists first what the suite wants first', async (t) => {
  const runner = await sample(t, 'conformance-js');
  const { tools } = (await runner.request('tools/list')).result;
  assert.equal(tools[0].name, 'test_simple_text');
  assert.ok(tools.every(({ name, description }) => /^[A-Za-z0-9_.\/-]{1,64}$/.test(name) && description));
  assert.equal((await runner.request('resources/list')).result.resources[0].uri, 'test://static-text');
  const schema = tools.find(({ name }) => name === 'json_schema_2020_12_tool').inputSchema;
  assert.equal(schema.$defs.address.$anchor, 'addressDef');
  assert.deepEqual(Object.keys(schema), ['$schema', 'type', '$defs', 'properties', 'allOf', 'if', 'then', 'else', 'additionalProperties']);
  const { prompts } = (await runner.request('prompts/list')).result;
  assert.ok(prompts.every(({ description }) => description));
});

test('conformance-js: every tool answers a client with all capabilities, with {} and without arguments', async (t) => {
  const runner = await sample(t, 'conformance-js');
  const { tools } = (await runner.request('tools/list')).result;
  for (const { name } of tools) {
    for (const args of [{}, undefined]) {
      const { result } = await runner.call(name, args, { capabilities: ALL, progress: true, [`${META}logLevel`]: 'debug' });
      const failing = ['test_error_handling', 'json_schema_2020_12_tool'].includes(name);
      assert.equal(result?.isError === true, failing, name);
    }
  }
});

test('conformance-js: the notifying fixtures notify', async (t) => {
  const runner = await sample(t, 'conformance-js');
  const progress = runner.call('test_tool_with_progress', {}, { progress: true });
  await progress;
  const of = (method) => runner.notifications.filter((sent) => sent.method === method).map(({ params }) => params);
  assert.deepEqual(of('notifications/progress').map((params) => [params.progressToken, params.progress, params.total]), [0, 50, 100].map((value) => [progress.id, value, 100]));
  await runner.call('test_tool_with_logging', {}, { [`${META}logLevel`]: 'debug' });
  assert.equal(of('notifications/message').length, 3);
  await runner.call('test_logging_tool', {});
  assert.equal(of('notifications/message').length, 3);
  await runner.call('test_reconnection', {});
  assert.equal(of('notifications/smcp/closeStream').length, 1);
  await runner.call('test_trigger_tool_change', {});
  await runner.call('test_trigger_prompt_change', {});
  assert.equal(of('notifications/tools/list_changed').length + of('notifications/prompts/list_changed').length, 2);
});

test('conformance-js: capabilities decide what is asked', async (t) => {
  const runner = await sample(t, 'conformance-js');
  const missing = await runner.call('test_missing_capability', {});
  assert.deepEqual([missing.error.code, missing.error.data], [-32021, { requiredCapabilities: { sampling: {} } }]);
  const { result } = await runner.call('test_input_required_result_capabilities', {}, { capabilities: { sampling: {} } });
  assert.deepEqual(Object.values(result.inputRequests).map(({ method }) => method), ['sampling/createMessage']);
});

test('conformance-js: the multi-round fixtures go round', async (t) => {
  const runner = await sample(t, 'conformance-js');
  const go = (name, more) => runner.call(`test_input_required_result_${name}`, {}, { capabilities: ALL, ...more });
  const user_name = { action: 'accept', content: { name: 'Alice' } };
  const one = await go('request_state');
  const stated = await go('request_state', { requestState: one.result.requestState, inputResponses: { confirm: { action: 'accept', content: { ok: true } } } });
  assert.match(text(stated), /state-ok/);
  const first = await go('multi_round');
  const second = await go('multi_round', { requestState: first.result.requestState, inputResponses: { step1: user_name } });
  assert.equal(second.result.resultType, 'input_required');
  assert.notEqual(first.result.requestState, second.result.requestState);
  const color = { action: 'accept', content: { color: 'red' } };
  assert.equal(text(await go('multi_round', { requestState: second.result.requestState, inputResponses: { step2: color } })), 'Alice likes red.');
  const tampered = await go('tampered_state');
  assert.equal((await go('tampered_state', { requestState: `${tampered.result.requestState}-TAMPERED`, inputResponses: {} })).error.code, -32602);
  const inputs = await go('multiple_inputs');
  assert.deepEqual(Object.keys(inputs.result.inputRequests), ['user_name', 'greeting', 'client_roots']);
  const prompt = (more) => runner.request('prompts/get', { name: 'test_input_required_result_prompt', ...more }, { capabilities: ALL });
  assert.deepEqual(Object.keys((await prompt()).result.inputRequests), ['user_context']);
  const context = { user_context: { action: 'accept', content: { context: 'here' } } };
  assert.match((await prompt({ inputResponses: context })).result.messages[0].content.text, /here/);
});
