import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Runner, started, text } from './support/runner.mjs';

const FORM = { elicitation: {} };
const ALL = { elicitation: { form: {}, url: {} }, sampling: { tools: {}, context: {} }, roots: {} };
const NAME = { message: 'Who?', schema: { type: 'object', properties: { name: { type: 'string', minLength: 1 } }, required: ['name'] } };
const accept = (name) => ({ action: 'accept', content: { name } });

let runner;
const ends = [];
before(async () => {
  runner = await started({ after: (end) => ends.push(end) }, 'everything.mjs');
});
after(() => Promise.all(ends.map((end) => end())));

const asks = (answer, ...keys) => {
  assert.equal(answer.result?.resultType, 'input_required', JSON.stringify(answer));
  assert.deepEqual(Object.keys(answer.result.inputRequests ?? {}), keys);
  assert.equal(typeof answer.result.requestState, 'string');
  assert.deepEqual(Object.keys(answer.result).filter((key) => !['resultType', 'inputRequests', 'requestState'].includes(key)), []);
  return answer.result.requestState;
};

const needs = ({ error }, requiredCapabilities) => {
  assert.equal(error?.code, -32021);
  assert.deepEqual(error.data, { requiredCapabilities });
};

test('elicit ends the call with a question, and the handler runs again with the answer', async () => {
  const options = NAME;
  const first = await runner.call('ask', { options }, { capabilities: FORM });
  const requestState = asks(first, 'user');
  assert.deepEqual(first.result.inputRequests.user, { method: 'elicitation/create', params: { message: 'Who?', requestedSchema: NAME.schema } });
  const second = await runner.call('ask', { options }, { capabilities: FORM, requestState, inputResponses: { user: accept('Ada'), stray: 5 } });
  assert.deepEqual(second.result.structuredContent, accept('Ada'));
});

test('decline and cancel are answers too', async () => {
  for (const action of ['decline', 'cancel']) {
    const { result } = await runner.call('ask', { options: NAME }, { capabilities: FORM, requestState: '{}', inputResponses: { user: { action } } });
    assert.deepEqual(result.structuredContent, { action });
  }
});

test('a missing or malformed answer is asked for again', async () => {
  const wrong = [undefined, 12345, null, [], {}, { action: 'maybe' }, { action: 'accept' }, accept(''), accept(5), { action: 'accept', content: 'x' }];
  for (const user of wrong) {
    asks(await runner.call('ask', { options: NAME }, { capabilities: FORM, requestState: '{}', inputResponses: { user, other: accept('Eve') } }), 'user');
  }
});

test('malformed structure is an error, not a question', async () => {
  for (const inputResponses of [null, [], 'x', 5]) {
    const { error } = await runner.call('ask', { options: NAME }, { capabilities: FORM, inputResponses });
    assert.equal(error?.code, -32602);
    assert.match(error.message, /inputResponses must be an object/);
  }
  for (const requestState of ['{}-TAMPERED', '', '[]', 'null', 5]) {
    const { error } = await runner.call('ask', { options: NAME }, { capabilities: FORM, requestState });
    assert.equal(error?.code, -32602);
    assert.match(error.message, /requestState/);
  }
});

test('a chain of rounds keeps answers and once values, in another process too', async (t) => {
  const one = await runner.call('chain', {}, { capabilities: FORM });
  const state1 = asks(one, 'first');
  assert.deepEqual(JSON.parse(state1), { o: { ticket: { number: 1, at: '1970-01-01T00:00:00.000Z' } } });
  const elsewhere = await started(t, 'everything.mjs');
  const two = await elsewhere.call('chain', {}, { capabilities: FORM, requestState: state1, inputResponses: { first: accept('Ada') } });
  const state2 = asks(two, 'second');
  assert.notEqual(state1, state2);
  const three = await runner.call('chain', {}, { capabilities: FORM, requestState: state2, inputResponses: { second: accept('Bob'), first: accept('Eve') } });
  assert.deepEqual(three.result.structuredContent, {
    ticket: { number: 1, at: '1970-01-01T00:00:00.000Z' },
    supplied: 1,
    first: 'Ada',
    second: 'Bob',
  });
});

test('questions of one Promise.all leave together, and only the missing one is asked again', async () => {
  const state = asks(await runner.call('together', {}, { capabilities: FORM }), 'first', 'second');
  const half = await runner.call('together', {}, { capabilities: FORM, requestState: state, inputResponses: { second: accept('Bob') } });
  const rest = await runner.call('together', {}, { capabilities: FORM, requestState: asks(half, 'first'), inputResponses: { first: accept('Ada') } });
  assert.equal(text(rest), 'Ada and Bob');
});

test('askAll asks several kinds in one round', async () => {
  const first = await runner.call('askAll', {}, { capabilities: ALL });
  const requestState = asks(first, 'who', 'model', 'where');
  assert.deepEqual(Object.values(first.result.inputRequests).map(({ method }) => method), ['elicitation/create', 'sampling/createMessage', 'roots/list']);
  const model = { role: 'assistant', content: { type: 'text', text: 'Ah.' }, model: 'm' };
  const where = { roots: [{ uri: 'file:///x' }] };
  const { result } = await runner.call('askAll', {}, { capabilities: ALL, requestState, inputResponses: { who: accept('Ada'), model, where } });
  assert.deepEqual(result.structuredContent, { who: accept('Ada'), model, where });
});

test('malformed sampling and roots answers are asked for again', async () => {
  const requestState = '{}';
  const params = { messages: [{ role: 'user', content: { type: 'text', text: 'x' } }], maxTokens: 1 };
  for (const model of [{}, { role: 'assistant' }, { role: 'assistant', content: 'text', model: 'm' }]) {
    asks(await runner.call('sample', { params }, { capabilities: ALL, requestState, inputResponses: { model } }), 'model');
  }
  for (const answer of [{}, { roots: {} }, { roots: [{}] }]) {
    asks(await runner.call('roots', {}, { capabilities: ALL, requestState, inputResponses: { roots: answer } }), 'roots');
  }
});

test('prompts and resources ask too, and a resource so read is not to be cached', async () => {
  const prompt = await runner.request('prompts/get', { name: 'asks' }, { capabilities: FORM });
  const inputResponses = { who: accept('Ada') };
  const got = await runner.request('prompts/get', { name: 'asks', requestState: asks(prompt, 'who'), inputResponses }, { capabilities: FORM });
  assert.equal(got.result.messages[0].content.text, 'Hello Ada');
  const uri = 'fix://asks';
  const read = await runner.request('resources/read', { uri }, { capabilities: FORM });
  const { result } = await runner.request('resources/read', { uri, requestState: asks(read, 'who'), inputResponses }, { capabilities: FORM });
  assert.equal(result.contents[0].text, 'Ada');
  assert.deepEqual([result.ttlMs, result.cacheScope], [0, 'private']);
});

test('a capability the client did not declare is error -32021 with what is required', async () => {
  const url = { message: 'Open', url: 'https://example.com/' };
  const messages = [{ role: 'user', content: { type: 'text', text: 'x' } }];
  const ask = (options, elicitation) => runner.call('ask', { options }, { capabilities: elicitation ? { elicitation } : {} });
  const sample = (params, sampling) => runner.call('sample', { params: { messages, maxTokens: 1, ...params } }, { capabilities: sampling ? { sampling } : {} });
  needs(await ask(NAME), { elicitation: { form: {} } });
  needs(await ask(NAME, { url: {} }), { elicitation: { form: {} } });
  needs(await ask(url, {}), { elicitation: { url: {} } });
  needs(await ask(url, { form: {} }), { elicitation: { url: {} } });
  needs(await sample({}), { sampling: {} });
  needs(await sample({ tools: [] }, {}), { sampling: { tools: {} } });
  needs(await sample({ includeContext: 'thisServer' }, {}), { sampling: { context: {} } });
  needs(await runner.call('roots', {}), { roots: {} });
  needs(await runner.call('needs', { capabilities: { sampling: {} } }), { sampling: {} });
  asks(await ask(NAME, {}), 'user');
  asks(await ask(NAME, { form: {}, url: {} }), 'user');
  asks(await ask(url, { url: {} }), 'user');
  asks(await sample({ tools: [] }, { tools: {} }), 'model');
  asks(await sample({ includeContext: 'none' }, {}), 'model');
  assert.equal(text(await runner.call('needs', { capabilities: { sampling: {} } }, { capabilities: ALL })), 'true');
});

test('URL elicitation has no content to check', async () => {
  const options = { message: 'Open', url: 'https://example.com/' };
  const first = await runner.call('ask', { options }, { capabilities: ALL });
  assert.deepEqual(first.result.inputRequests.user.params, { mode: 'url', message: 'Open', url: 'https://example.com/' });
  const second = await runner.call('ask', { options }, { capabilities: ALL, requestState: '{}', inputResponses: { user: { action: 'accept' } } });
  assert.deepEqual(second.result.structuredContent, { action: 'accept' });
});

test('a handler that catches the signal changes nothing', async () => {
  for (const then of ['return', 'throw', 'forever']) {
    asks(await runner.call('swallows', { then }, { capabilities: FORM }), 'user');
  }
  await runner.settled();
  assert.deepEqual(runner.stray, []);
});

test('the raw form carries any requests and the tenant\'s own state', async () => {
  const one = await runner.call('raw', {}, { capabilities: ALL });
  const two = await runner.call('raw', {}, { capabilities: ALL, requestState: asks(one, 'q'), inputResponses: { q: { roots: [] } } });
  assert.notEqual(one.result.requestState, two.result.requestState);
  const three = await runner.call('raw', {}, { capabilities: ALL, requestState: asks(two, 'q'), inputResponses: { q: 'anything' } });
  assert.deepEqual(three.result.structuredContent, { state: { round: 2 }, responses: { q: 'anything' } });
  needs(await runner.call('raw', {}), { roots: {} });
});

test('a state without questions is allowed, and bounded', async () => {
  asks(await runner.call('bigState', { size: 60_000 }));
  const { error } = await runner.call('bigState', { size: 70_000 });
  assert.match(error.message, /requestState of 700\d\d bytes exceeds the limit of 65536 bytes/);
});

test('mistakes of the tenant are told to the tenant', async () => {
  const mistake = async (answer, words) => assert.match(text(await answer), words);
  const ask = (options) => runner.call('ask', { options }, { capabilities: ALL });
  await mistake(ask({ message: 'x' }), /give either schema or url/);
  await mistake(ask({ schema: {} }), /message must be a string/);
  await mistake(ask({ message: 'x', schema: { type: 'object', properties: { a: { type: 'object' } } } }), /\/properties\/a must be a string, number/);
  await mistake(ask({ message: 'x', schema: { type: 'object', properties: { a: { type: 'strng' } } } }), /at \/properties\/a\/type/);
  await mistake(runner.call('sample', { params: { messages: [] } }, { capabilities: ALL }), /messages must be a list/);
  const { error } = await runner.call('sameKey', {}, { capabilities: ALL });
  assert.match(error.message, /two different questions were asked under the key "k"/);
});

test('an unawaited question is asked all the same', async (t) => {
  const other = new Runner(t);
  await other.start('careless.mjs');
  asks(await other.call('careless', {}, { capabilities: FORM }), 'who');
  await other.settled();
  assert.equal(other.stderr, '');
});
