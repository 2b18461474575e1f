/** @param {import('../index.d.ts').Mcp} mcp */
export default (mcp) => {
  const number = { type: 'number' };
  const input = { type: 'object', properties: { a: number, b: number }, required: ['a', 'b'], additionalProperties: false };
  mcp.tool('add', { description: 'Adds two numbers', input }, async ({ a, b }) => `${a + b}`);
};
