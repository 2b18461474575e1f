// The same tool with the official TypeScript SDK, answering with JSON.
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

const handler = createMcpHandler(
  () => {
    const server = new McpServer({ name: 'adder', version: '1.0.0' });
    server.registerTool('add', { description: 'Adds two numbers', inputSchema: z.object({ a: z.number().int(), b: z.number().int() }) }, async ({ a, b }) => ({
      content: [{ type: 'text', text: `${a + b}` }],
    }));
    return server;
  },
  { responseMode: 'json' },
);

export default { fetch: (request) => handler.fetch(request) };
