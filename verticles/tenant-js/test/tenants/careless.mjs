export default (mcp) =>
  mcp.tool('careless', {}, (_, call) => {
    call.elicit('who', { message: 'Who?', schema: { type: 'object', properties: {} } });
    return 'not the answer';
  });
