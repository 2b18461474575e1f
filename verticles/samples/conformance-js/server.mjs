// The fixtures of the official MCP conformance suite. It finds them by name and expects these texts, so nothing here is free to choose.
// Two places are ordered: the first tool must work with {}, the first resource must be readable.

import { registerInputRequired } from './input-required.mjs';
import { registerPrompts } from './prompts.mjs';
import { registerResources } from './resources.mjs';
import { registerTools } from './tools.mjs';

/** @param {import('smcp-tenant').Mcp} mcp */
export default function conformance(mcp) {
  registerTools(mcp);
  registerInputRequired(mcp);
  registerResources(mcp);
  registerPrompts(mcp);
}
