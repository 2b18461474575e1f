// One tenant with something for every row of the contract.

/** @type {Map<string, () => void>} */
const held = new Map();
let supplied = 0;

/** @param {import('../../index.d.ts').Mcp} mcp */
export default async function everything(mcp) {
  await null; // registration may be asynchronous
  const number = { type: 'number' };
  const input = { type: 'object', properties: { a: number, b: number }, required: ['a', 'b'], additionalProperties: false };
  const any = { type: 'object' };

  mcp.tool('add', { title: 'Add', description: 'Adds', input, annotations: { readOnlyHint: true }, once: true, _meta: { 'x/y': 1 } }, ({ a, b }) => `${a + b}`);
  mcp.tool('echo', { input: any }, (args) => ({ structured: args }));
  mcp.tool('returns', { input: any }, ({ kind }) => RETURNS[kind](mcp));
  mcp.tool('throws', { input: any }, ({ kind }) => THROWS[kind](mcp));
  mcp.tool('rejects', { input: any }, async ({ kind }) => THROWS[kind](mcp));
  const output = { type: 'object', properties: { sum: { type: 'integer' } }, required: ['sum'] };
  mcp.tool('typed', { input: any, output }, ({ give }) => give);
  mcp.tool('listOut', { output: { type: 'array', items: { type: 'string', format: 'date-time' } } }, () => ({ structured: [new Date(0)] }));

  // Held calls end when `release` names them.
  mcp.tool('hold', { input: any }, ({ key }, call) => new Promise((resolve) => {
    held.set(key, () => resolve(`released ${key}, aborted: ${call.signal.aborted}, reason: ${call.signal.reason?.message}`));
    call.signal.addEventListener('abort', () => console.error(`aborted ${key}: ${call.signal.reason.message}`));
    console.error(`holding ${key}`);
  }));
  mcp.tool('release', { input: any }, ({ key }) => {
    held.get(key)();
    return 'released';
  });

  mcp.tool('progress', { input: any }, ({ values }, call) => {
    for (const value of values) call.progress(value, 10, `at ${value}`);
    queueMicrotask(() => setImmediate(() => call.progress(99)));
    return `${call.progressRequested}`;
  });
  mcp.tool('logs', { input: any }, ({ levels }, call) => {
    for (const level of levels) call.log(level, { level }, 'fixture');
    return 'logged';
  });
  mcp.tool('close', {}, (_, call) => {
    call.closeStream(100);
    return 'closed';
  });
  mcp.tool('about', {}, (_, call) => ({ structured: { client: call.client, meta: call.meta, server: mcp.serverInfo } }));
  mcp.tool('needs', { input: any }, ({ capabilities }, call) => {
    call.require(capabilities);
    return `${call.supports(capabilities)}`;
  });

  mcp.tool('addTool', { input: any }, ({ name }) => {
    mcp.tool(name, {}, () => name);
    return 'added';
  });
  mcp.tool('removeTool', { input: any }, ({ name }) => `${mcp.removeTool(name)}`);
  mcp.tool('tell', { input: any }, ({ kinds = [], uris = [] }) => {
    for (const kind of kinds) mcp.changed(kind);
    for (const uri of uris) mcp.resourceUpdated(uri);
    return 'told';
  });

  mcp.tool('ask', { input: any }, ({ options }, call) => call.elicit('user', options).then((answer) => ({ structured: answer })));
  mcp.tool('sample', { input: any }, ({ params }, call) => call.sample('model', params).then((answer) => ({ structured: answer })));
  mcp.tool('roots', {}, (_, call) => call.roots('roots').then((answer) => ({ structured: answer })));
  mcp.tool('chain', {}, async (_, call) => {
    const ticket = await call.once('ticket', () => ({ number: ++supplied, at: new Date(0) }));
    const first = await call.elicit('first', NAME);
    const second = await call.elicit('second', NAME);
    return { structured: { ticket, supplied, first: first.content.name, second: second.content.name } };
  });
  mcp.tool('together', {}, async (_, call) => {
    const [first, second] = await Promise.all([call.elicit('first', NAME), call.elicit('second', NAME)]);
    return `${first.content.name} and ${second.content.name}`;
  });
  mcp.tool('askAll', {}, async (_, call) => {
    const answers = await call.askAll({ who: { elicit: NAME }, model: { sample: QUESTION }, where: { roots: true } });
    return { structured: answers };
  });
  mcp.tool('swallows', { input: any }, async ({ then }, call) => {
    try {
      await call.elicit('user', NAME);
    } catch {
      console.error(`swallowed; aborted: ${call.signal.aborted}`);
    }
    if (then === 'forever') await new Promise(() => {});
    if (then === 'throw') throw new Error('something else');
    return 'an answer nobody may see';
  });
  mcp.tool('raw', { input: any }, async (_, call) => {
    if (call.state?.round !== 2) {
      const round = (call.state?.round ?? 0) + 1;
      return call.inputRequired({ requests: { q: { method: 'roots/list' } }, state: { round } });
    }
    return { structured: { state: call.state, responses: call.inputResponses } };
  });
  mcp.tool('bigState', { input: any }, ({ size }, call) => call.inputRequired({ state: 'x'.repeat(size) }));
  mcp.tool('sameKey', {}, (_, call) => Promise.all([call.elicit('k', NAME), call.elicit('k', { ...NAME, message: 'Other?' })]));

  mcp.tool('big', { input: any }, ({ size }) => 'x'.repeat(size));
  mcp.tool('burst', { input: any }, ({ count }, call) => {
    for (let i = 1; i <= count; i++) call.progress(i, count, 'x'.repeat(100));
    return 'burst over';
  });
  mcp.tool('spoil', { input: any }, ({ kind }) => {
    SPOIL[kind]();
    return 'spoilt';
  });
  mcp.tool('lateThrow', {}, () => {
    setImmediate(() => {
      throw new Error('thrown in a timer');
    });
    return 'answered before';
  });
  mcp.tool('lateReject', {}, () => {
    void Promise.reject(new Error('rejected and forgotten'));
    return 'answered';
  });

  mcp.resource('fix://text', { name: 'Text', mimeType: 'text/plain' }, () => 'hello');
  mcp.resource('fix://bytes', { name: 'Bytes', mimeType: 'application/octet-stream', cache: { ttlMs: 500, scope: 'public' } }, () => new Uint8Array([1, 2, 3]));
  mcp.resource('fix://asks', { name: 'Asks', cache: { ttlMs: 500 } }, async (uri, call) => (await call.elicit('who', NAME)).content.name);
  mcp.resource('fix://fails', { name: 'Fails' }, () => {
    throw new Error('the disk is gone');
  });
  mcp.resource('fix://several', { name: 'Several' }, () => ({ contents: [{ uri: 'fix://a', text: 'a' }, { uri: 'fix://b', blob: 'Yg==' }], ttlMs: 7, cacheScope: 'public' }));
  const complete = { id: (typed, others) => [`${typed}1`, `${typed}-${others.of ?? ''}`] };
  mcp.resourceTemplate('fix://item/{id}', { name: 'Item', complete }, (uri, { id }) => (id === 'none' ? undefined : { text: `${uri} ${id}`, mimeType: 'text/x-item' }));

  const many = Array.from({ length: 250 }, (_, index) => `value${index}`);
  mcp.prompt('greet', {
    description: 'Greets',
    arguments: [
      { name: 'who', required: true, complete: () => many },
      { name: 'how', complete: ['Warmly', 'coldly'] },
      { name: 'free' },
      { name: 'broken', complete: () => { throw new Error('no index'); } },
    ],
  }, ({ who }) => [`Greet ${who}`, { role: 'assistant', content: mcp.content.text('I will.') }]);
  mcp.prompt('fails', {}, () => {
    throw new Error('no prompt today');
  });
  mcp.prompt('asks', {}, async (_, call) => `Hello ${(await call.elicit('who', NAME)).content.name}`);
  mcp.cache('tools', { ttlMs: 1000, scope: 'public' });
}

const NAME = { message: 'Who?', schema: { type: 'object', properties: { name: { type: 'string', minLength: 1 } }, required: ['name'] } };
const QUESTION = { messages: [{ role: 'user', content: { type: 'text', text: 'Hm?' } }], maxTokens: 10 };

const RETURNS = {
  text: () => 'plain',
  nothing: () => undefined,
  blocks: ({ content }) => ['one', content.image(new Uint8Array([1]), 'image/png'), content.audio('AQ==', 'audio/wav')],
  block: ({ content }) => content.resourceLink('fix://text', 'Text', { mimeType: 'text/plain' }),
  resource: ({ content }) => content.resource({ uri: 'fix://bytes', blob: new Uint8Array([1]) }),
  content: () => ({ content: [{ type: 'text', text: 'as is' }], isError: true, _meta: { k: 1 } }),
  structured: () => ({ structured: [1, null, 'x'] }),
  both: () => ({ structured: 1, content: ['one'] }),
  number: () => 42,
  object: () => ({ answer: 42 }),
  cycle: () => {
    const cycle = {};
    cycle.cycle = cycle;
    return { structured: cycle };
  },
};

const THROWS = {
  error: () => { throw new Error('the kettle is empty'); },
  text: () => { throw 'just text'; },
  nothing: () => { throw undefined; },
  hostile: () => { throw { get message() { throw new Error('no'); } }; },
  protocol: (mcp) => { throw mcp.error(-32050, 'quota used up', { quota: 3 }); },
  lookalike: () => { throw Object.assign(new Error('not ours'), { code: -32050, name: 'ProtocolError' }); },
  noCode: (mcp) => { throw mcp.error('x', 'message'); },
};

const SPOIL = {
  objectPrototype: () => {
    Object.prototype.id = 7;
    Object.prototype.error = { code: 1 };
    Object.prototype.stranger = 'enumerable';
  },
  toJSON: () => {
    Array.prototype.toJSON = () => 'spoilt';
    String.prototype.toJSON = () => 'spoilt';
  },
  builtins: () => {
    JSON.parse = () => { throw new Error('spoilt'); };
    JSON.stringify = () => 'spoilt';
    Map.prototype.get = () => undefined;
    Map.prototype.set = () => undefined;
    Map.prototype.has = () => true;
    Set.prototype.has = () => true;
    String.prototype.indexOf = () => 0;
    String.prototype.substring = () => 'spoilt';
    Object.hasOwn = () => false;
    Object.keys = () => [];
    Promise.prototype.then = () => undefined;
    globalThis.setImmediate = () => undefined;
    globalThis.JSON = undefined;
  },
  stdout: () => {
    console.log('printed by console.log');
    process.stdout.write('printed by process.stdout\n');
  },
  descriptor: async () => {
    const { writeSync } = await import('node:fs');
    writeSync(1, 'printed by descriptor\n');
  },
};
