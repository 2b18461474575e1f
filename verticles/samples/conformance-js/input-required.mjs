// Multi-round trips (MCP 2026-07-28): each tool asks the client for something and completes once it has been answered.

const PREFIX = 'test_input_required_result_';
const form = (name) => ({ type: 'object', properties: { [name]: { type: 'string' } }, required: [name] });
const NAME = { message: 'What is your name?', schema: form('name') };

/** @param {import('smcp-tenant').Mcp} mcp */
export function registerInputRequired(mcp) {
  const { text } = mcp.content;
  const tool = (name, description, handler) => mcp.tool(PREFIX + name, { description }, (_, call) => handler(call));
  const question = { messages: [{ role: 'user', content: text('What is the capital of France?') }], maxTokens: 100 };

  tool('elicitation', "Asks the user's name", async (call) => {
    const { action, content } = await call.elicit('user_name', NAME);
    return action === 'accept' ? `Hello, ${content.name}!` : 'No name was given.';
  });
  tool('sampling', "Asks the client's model", async (call) => {
    const { content } = await call.sample('capital_question', question);
    return `The model says: ${[content].flat()[0]?.text}`;
  });
  tool('list_roots', 'Asks for the roots', async (call) => {
    const { roots } = await call.roots('client_roots');
    return `Roots: ${roots.map((root) => root.uri).join(', ')}`;
  });
  tool('request_state', 'Asks with a state that comes back', async (call) => {
    if (call.state !== 'kept' || call.inputResponses.confirm === undefined) {
      const params = { message: 'Please confirm', requestedSchema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] } };
      return call.inputRequired({ requests: { confirm: { method: 'elicitation/create', params } }, state: 'kept' });
    }
    return 'state-ok';
  });
  tool('multiple_inputs', 'Asks three things at once', async (call) => {
    const answers = await call.askAll({ user_name: { elicit: NAME }, greeting: { sample: question }, client_roots: { roots: true } });
    return `${answers.user_name.content?.name ?? 'nobody'}; ${[answers.greeting.content].flat()[0]?.text}; ${answers.client_roots.roots.length} roots`;
  });
  tool('multi_round', 'Asks one thing after the other', async (call) => {
    const first = await call.elicit('step1', NAME);
    const second = await call.elicit('step2', { message: 'What is your favourite colour?', schema: form('color') });
    return `${first.content?.name ?? 'Somebody'} likes ${second.content?.color ?? 'no colour'}.`;
  });
  tool('tampered_state', 'Asks with a state that must not be changed on its way', async (call) => {
    call.state = 'sealed by the platform';
    const { action } = await call.elicit('confirm', { message: 'Please confirm', schema: { type: 'object', properties: { ok: { type: 'boolean' } } } });
    return `The state came back whole: ${action}.`;
  });
  tool('capabilities', 'Asks only in ways the client has declared', async (call) => {
    const asked = {};
    if (call.supports({ elicitation: { form: {} } })) asked.user_name = { elicit: NAME };
    if (call.supports({ sampling: {} })) asked.capital_question = { sample: question };
    return `Answered: ${Object.keys(await call.askAll(asked)).join(', ')}`;
  });
}
