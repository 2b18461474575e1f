import { Call } from './call.mjs';
import { INVALID_PARAMS, METHOD_NOT_FOUND, ProtocolError, show } from './faults.mjs';
import { PrivateMap, hasOwn, isObject, own, stringify } from './intrinsics.mjs';
import { COMPLETE, COMPLETION, PROMPT, READ, TOOL, bullets, failure, hintText, unknownResource } from './results.mjs';

/**
 * Serves one request: the text of its result, or the tenant's code to run for it ({kind, subject, invoke}). Throws a ProtocolError for what
 * cannot be served. A method of a capability that is not declared does not exist (MCP 2026-07-28, Discovery).
 */
export function serve(method, params, exchange, tenant, instructions) {
  const { offers } = tenant;
  switch (method) {
    case 'tools/call':
      if (offers.tools) return callTool(params, exchange, tenant);
      break;
    case 'resources/read':
      if (offers.resources) return readResource(params, exchange, tenant);
      break;
    case 'prompts/get':
      if (offers.prompts) return getPrompt(params, exchange, tenant);
      break;
    case 'completion/complete':
      if (offers.completions) return complete(params, exchange, tenant);
      break;
    case 'server/discover':
      return discover(tenant, instructions);
    case 'tools/list':
      if (offers.tools) return list('tools', tenant.tools, tenant);
      break;
    case 'resources/list':
      if (offers.resources) return list('resources', tenant.resources, tenant);
      break;
    case 'resources/templates/list':
      if (offers.resources) return list('resourceTemplates', tenant.templates, tenant);
      break;
    case 'prompts/list':
      if (offers.prompts) return list('prompts', tenant.prompts, tenant);
      break;
    default:
  }
  throw new ProtocolError(METHOD_NOT_FOUND, `method ${show(method)} is not offered`);
}

function discover(tenant, instructions) {
  const { offers } = tenant;
  const capabilities = { logging: {} };
  if (offers.tools) capabilities.tools = { listChanged: true };
  if (offers.prompts) capabilities.prompts = { listChanged: true };
  if (offers.resources) capabilities.resources = { listChanged: true, subscribe: true };
  if (offers.completions) capabilities.completions = {};
  const told = instructions === undefined ? '' : `"instructions":${stringify(instructions)},`;
  const found = `"supportedVersions":["2026-07-28"],"capabilities":${stringify(capabilities)}`;
  return `{${COMPLETE},${found},${told}${hintText(tenant.cacheOf('discover'))}}`;
}

function list(key, map, tenant) {
  const entries = [];
  map.forEach((entry) => (entries[entries.length] = entry.text));
  return `{${COMPLETE},"${key}":[${entries.join(',')}],${hintText(tenant.cacheOf(key))}}`;
}

function callTool(params, exchange, { tools }) {
  const name = own(params, 'name');
  const tool = tools.get(name);
  if (tool === undefined) throw new ProtocolError(INVALID_PARAMS, `unknown tool ${show(name)}`);
  const given = own(params, 'arguments') ?? {};
  if (!isObject(given)) throw new ProtocolError(INVALID_PARAMS, `params.arguments must be an object, got ${show(given)}`);
  const violations = tool.input.check(given);
  if (violations !== undefined) return failure(`Invalid arguments for tool "${name}":\n${bullets(violations)}`);
  const { handler } = tool;
  return { kind: TOOL, subject: tool, invoke: () => handler(given, new Call(exchange)) };
}

function readResource(params, exchange, { resources, templates }) {
  const uri = own(params, 'uri');
  if (typeof uri !== 'string') throw new ProtocolError(INVALID_PARAMS, `params.uri must be a text, got ${show(uri)}`);
  const resource = resources.get(uri);
  if (resource !== undefined) {
    const { handler } = resource;
    return { kind: READ, subject: resource, invoke: () => handler(uri, new Call(exchange)) };
  }
  const { entry, variables } = matching(uri, templates);
  const { handler } = entry;
  return { kind: READ, subject: { ...entry, uri }, invoke: () => handler(uri, variables, new Call(exchange)) };
}

/** The first template registered that the URI fits. */
function matching(uri, templates) {
  let found;
  templates.forEach((entry) => {
    const variables = found === undefined ? entry.template.match(uri) : undefined;
    if (variables !== undefined) found = { entry, variables };
  });
  if (found === undefined) throw unknownResource(uri);
  return found;
}

function getPrompt(params, exchange, { prompts }) {
  const name = own(params, 'name');
  const prompt = prompts.get(name);
  if (prompt === undefined) throw new ProtocolError(INVALID_PARAMS, `unknown prompt ${show(name)}`);
  const given = texts('params.arguments', own(params, 'arguments') ?? {});
  for (const required of prompt.required) {
    if (!hasOwn(given, required)) throw new ProtocolError(INVALID_PARAMS, `prompt ${show(name)} needs the argument ${show(required)}`);
  }
  const { handler } = prompt;
  return { kind: PROMPT, subject: prompt, invoke: () => handler(given, new Call(exchange)) };
}

function complete(params, exchange, tenant) {
  const ref = own(params, 'ref');
  const argument = own(params, 'argument');
  if (!isObject(argument) || typeof own(argument, 'name') !== 'string' || typeof own(argument, 'value') !== 'string') {
    throw new ProtocolError(INVALID_PARAMS, `params.argument must be {name, value}, got ${show(argument)}`);
  }
  const completer = referred(ref, tenant).get(argument.name);
  if (completer === undefined) throw new ProtocolError(INVALID_PARAMS, `${show(ref)} has no argument ${show(argument.name)}`);
  if (completer === null) return `{${COMPLETE},"completion":{"values":[]}}`;
  const context = own(params, 'context');
  const others = texts('params.context.arguments', (isObject(context) ? own(context, 'arguments') : undefined) ?? {});
  return { kind: COMPLETION, subject: ref, invoke: () => completer(argument.value, others, new Call(exchange)) };
}

function referred(ref, { prompts, templates, resources }) {
  const type = isObject(ref) ? ref.type : undefined;
  if (type === 'ref/prompt' && prompts.has(ref.name)) return prompts.get(ref.name).completers;
  if (type === 'ref/resource' && templates.has(ref.uri)) return templates.get(ref.uri).completers;
  if (type === 'ref/resource' && resources.has(ref.uri)) return new PrivateMap();
  throw new ProtocolError(INVALID_PARAMS, `unknown completion reference ${show(ref)}`);
}

/** Prompt and completion arguments are texts only (MCP 2026-07-28, GetPromptRequestParams). */
function texts(place, given) {
  if (!isObject(given)) throw new ProtocolError(INVALID_PARAMS, `${place} must be an object, got ${show(given)}`);
  for (const key of Object.keys(given)) {
    if (typeof given[key] !== 'string') throw new ProtocolError(INVALID_PARAMS, `${place}.${key} must be a text, got ${show(given[key])}`);
  }
  return given;
}
