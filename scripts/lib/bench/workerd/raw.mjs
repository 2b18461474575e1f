// What can be had from workerd without a library: parse, add, print.
export default {
  async fetch(request) {
    const { id, params } = await request.json();
    const { a, b } = params.arguments;
    const result = {
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'adder', version: '1.0.0' } },
      resultType: 'complete',
      content: [{ type: 'text', text: `${a + b}` }],
    };
    return Response.json({ jsonrpc: '2.0', id, result });
  },
};
