import { setTimeout as pause } from 'node:timers/promises';
import { PNG, WAV } from './media.mjs';

const STEP = 50; // milliseconds between two notifications, as the suite describes its fixtures
const text = { type: 'string' };
const withText = (name) => ({ type: 'object', properties: { [name]: text } });

/** @param {import('smcp-tenant').Mcp} mcp */
export function registerTools(mcp) {
  registerContent(mcp);
  registerNotifying(mcp);
  registerAsking(mcp);
  registerSchemas(mcp);
}

function registerContent({ tool, content }) {
  tool('test_simple_text', { description: 'Returns one text block' }, () => 'This is a simple text response for testing.');
  tool('test_image_content', { description: 'Returns one image' }, () => content.image(PNG, 'image/png'));
  tool('test_audio_content', { description: 'Returns one sound' }, () => content.audio(WAV, 'audio/wav'));
  tool('test_embedded_resource', { description: 'Returns one embedded resource' }, () =>
    content.resource({ uri: 'test://embedded-resource', mimeType: 'text/plain', text: 'This is an embedded resource content.' }),
  );
  tool('test_multiple_content_types', { description: 'Returns text, an image and a resource' }, () => [
    'Multiple content types test:',
    content.image(PNG, 'image/png'),
    content.resource({ uri: 'test://mixed-content-resource', mimeType: 'application/json', text: '{"test":"data","value":123}' }),
  ]);
  tool('test_error_handling', { description: 'Always fails' }, () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
}

function registerNotifying(mcp) {
  mcp.tool('test_tool_with_progress', { description: 'Reports progress 0, 50 and 100 of 100' }, async (_, call) => {
    for (const progress of [0, 50, 100]) {
      call.progress(progress, 100, `Completed step ${progress} of 100`);
      await pause(STEP, undefined, { signal: call.signal });
    }
    return 'Progress is complete.';
  });
  mcp.tool('test_tool_with_logging', { description: 'Logs three messages of level info' }, async (_, call) => {
    for (const message of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      call.log('info', message);
      await pause(STEP, undefined, { signal: call.signal });
    }
    return 'Logging is complete.';
  });
  mcp.tool('test_logging_tool', { description: 'Logs to clients that ask for it' }, (_, call) => {
    call.log('info', 'A message for a client that asked for messages');
    return 'Logged, if it was asked for.';
  });
  mcp.tool('test_streaming_elicitation', { description: 'Reports progress once and asks nothing' }, (_, call) => {
    call.progress(1, 1);
    return 'Streamed.';
  });
  mcp.tool('test_reconnection', { description: 'Closes the stream before the answer, which a client then resumes' }, async (_, call) => {
    call.closeStream(100);
    await pause(100, undefined, { signal: call.signal });
    return 'Reconnection test completed successfully.';
  });
  for (const [name, kind] of [['test_trigger_tool_change', 'tools'], ['test_trigger_prompt_change', 'prompts']]) {
    mcp.tool(name, { description: `Says that the list of ${kind} has changed` }, () => {
      mcp.changed(kind);
      return `Fired ${kind}/list_changed.`;
    });
  }
}

function registerAsking(mcp) {
  mcp.tool('test_sampling', { description: "Asks the client's model", input: withText('prompt') }, async ({ prompt = 'Hello' }, call) => {
    const messages = [{ role: 'user', content: mcp.content.text(prompt) }];
    const { content } = await call.sample('answer', { messages, maxTokens: 100 });
    return `LLM response: ${[content].flat()[0]?.text}`;
  });
  mcp.tool('test_elicitation', { description: 'Asks the user', input: withText('message') }, async ({ message = 'Please answer' }, call) => {
    const schema = { type: 'object', properties: { username: { ...text, description: 'Your name' }, email: { ...text, format: 'email' } } };
    return report(await call.elicit('user', { message, schema }));
  });
  mcp.tool('test_elicitation_sep1034_defaults', { description: 'Asks with a default for each kind of field' }, async (_, call) =>
    report(await call.elicit('user', { message: 'Please review', schema: DEFAULTS })),
  );
  mcp.tool('test_elicitation_sep1330_enums', { description: 'Asks with each kind of choice' }, async (_, call) =>
    report(await call.elicit('user', { message: 'Please choose', schema: ENUMS })),
  );
  mcp.tool('test_missing_capability', { description: 'Needs a client with sampling' }, (_, call) => {
    call.require({ sampling: {} });
    return 'The client has sampling.';
  });
}

const report = ({ action, content }) => `Elicitation completed: action=${action}, content=${JSON.stringify(content ?? {})}`;

const DEFAULTS = {
  type: 'object',
  properties: {
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  },
};

const numbered = (word) => [1, 2, 3].map((number) => `${word}${number}`);
const titled = numbered('value').map((value, index) => ({ const: value, title: `Choice ${index + 1}` }));

const ENUMS = {
  type: 'object',
  properties: {
    untitledSingle: { type: 'string', enum: numbered('option') },
    titledSingle: { type: 'string', oneOf: titled },
    legacyEnum: { type: 'string', enum: numbered('opt'), enumNames: ['Option One', 'Option Two', 'Option Three'] },
    untitledMulti: { type: 'array', items: { type: 'string', enum: numbered('option') } },
    titledMulti: { type: 'array', items: { anyOf: titled } },
  },
};

function registerSchemas(mcp) {
  mcp.tool('json_schema_2020_12_tool', { description: 'Its schema must be listed unchanged', input: SCHEMA_2020_12 }, (args) => JSON.stringify(args));
  const region = { type: 'string', description: 'Mirrored into a header', 'x-mcp-header': 'Region' };
  const input = { type: 'object', properties: { region } };
  mcp.tool('test_header_param', { description: 'Has an argument mirrored into a header', input }, ({ region: value }) => `Region: ${value}`);
}

const SCHEMA_2020_12 = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: { address: { $anchor: 'addressDef', type: 'object', properties: { street: text, city: text } } },
  properties: {
    name: text,
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: text,
    email: text,
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};
