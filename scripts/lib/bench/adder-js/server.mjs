// The tenant of the measurements in JavaScript: the same tools as its Java twin (node/src/test/java/smcp/node/bench).

/** @param {import('smcp-tenant').Mcp} mcp */
export default (mcp) => {
  const number = { type: 'integer' };
  const input = { type: 'object', properties: { a: number, b: number }, required: ['a', 'b'], additionalProperties: false };
  mcp.tool('add', { description: 'Adds two numbers', input }, ({ a, b }) => `${a + b}`);
};
