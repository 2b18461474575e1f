import { PNG } from './media.mjs';

/** @param {import('smcp-tenant').Mcp} mcp */
export function registerResources(mcp) {
  const plain = { mimeType: 'text/plain' };
  mcp.resource('test://static-text', { name: 'Static text', description: 'A text that never changes', ...plain }, () => 'This is the content of the static text resource.');
  mcp.resource('test://static-binary', { name: 'Static image', description: 'An image that never changes', mimeType: 'image/png' }, () => ({ blob: PNG }));
  mcp.resource('test://watched-resource', { name: 'Watched resource', description: 'A text to subscribe to', ...plain }, () => 'Watched resource content.');
  mcp.resourceTemplate(
    'test://template/{id}/data',
    { name: 'Template', description: 'Data of an id', mimeType: 'application/json' },
    (uri, { id }) => JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
  );
}
