// What the client tests need beyond the samples: calls that wait for another call, and lists and resources that change on demand.

const NAMED = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };

/** @param {import('smcp-tenant').Mcp} mcp */
export default function fixture(mcp) {
  const gates = new Map(); // name -> what opens it
  let reads = 0;

  mcp.tool('wait', { description: 'Reports progress and ends when "open" is called with the same name', input: NAMED }, ({ name }, call) => {
    const opened = withResolvers();
    gates.set(name, { call, open: opened.resolve, cancelled: false });
    call.signal.addEventListener('abort', () => {
      gates.get(name).cancelled = true;
      opened.reject(new Error('cancelled'));
    });
    call.progress(1, 3, 'waiting');
    return opened.promise;
  });
  mcp.tool('open', { description: 'Lets "wait" go on', input: NAMED }, ({ name }) => {
    const gate = gates.get(name);
    if (!gate) throw new Error(`nobody waits for ${name}`);
    gate.call.progress(2, 3, 'opened');
    gate.open(`${name} was opened`);
    return 'opened';
  });
  mcp.tool('cancelled', { description: 'Was the call with this name cancelled?', input: NAMED }, ({ name }) =>
    String(gates.get(name)?.cancelled ?? 'unknown'),
  );

  mcp.tool('touch', { description: 'Changes note://one' }, () => {
    reads++;
    mcp.resourceUpdated('note://one');
    return 'touched';
  });
  mcp.tool('grow', { description: 'Adds a tool, a resource and a prompt', input: NAMED }, ({ name }) => {
    mcp.tool(name, { description: 'Added while running' }, () => 'added');
    mcp.resource(`note://${name}`, { name }, () => 'added');
    mcp.prompt(name, { description: 'Added while running' }, () => 'added');
    return 'grown';
  });
  mcp.tool('shrink', { description: 'Removes what "grow" added', input: NAMED }, ({ name }) => {
    mcp.removeTool(name);
    mcp.removeResource(`note://${name}`);
    mcp.removePrompt(name);
    return 'shrunk';
  });
  for (const number of ['one', 'two', 'three']) {
    mcp.resource(`note://${number}`, { name: number, mimeType: 'text/plain' }, () => `${number} after ${reads} changes`);
  }
  mcp.prompt('remember', { description: 'Asks to remember' }, () => 'Remember the notes.');
}

/** As Promise.withResolvers, which Node.js 20 has not. */
function withResolvers() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}
