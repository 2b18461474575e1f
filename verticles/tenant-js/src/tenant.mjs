import { content } from './content.mjs';
import { ProtocolError, onlyKnown, show } from './faults.mjs';
import { PrivateMap, freeze, isObject, stringify } from './intrinsics.mjs';
import { Schema } from './schema.mjs';
import { UriTemplate } from './uri-template.mjs';

const flags = (words) => Object.freeze(Object.fromEntries(words.split(' ').map((word) => [word, true])));

const TOOL = flags('title description input output annotations icons _meta once');
const RESOURCE = flags('name title description mimeType size annotations icons _meta cache');
const TEMPLATE = flags('name title description mimeType annotations icons _meta cache complete');
const PROMPT = flags('title description arguments icons _meta');
const ARGUMENT = flags('name title description required complete');
const CACHE = flags('ttlMs scope');
const CACHED = flags('discover tools prompts resources resourceTemplates');

const TOOL_NAME = /^[A-Za-z0-9_./-]{1,128}$/; // MCP 2026-07-28, Tools › Tool names; "/" is what the conformance suite adds
const MAX_ENTRIES = 10_000;
const MAX_DEFINITION = 512 * 1024;
const NO_ARGUMENTS = freeze({ type: 'object', additionalProperties: false });
const UNCACHED = freeze({ ttlMs: 0, scope: 'private' });

/**
 * What the tenant offers. Filled by its default export through {@link Tenant#api}, then read by the server; it may go on changing at
 * run time, and each change is told to `changed`. Definitions are copied on registration, as the JSON that lists carry.
 */
export class Tenant {
  tools = new PrivateMap();
  resources = new PrivateMap();
  templates = new PrivateMap();
  prompts = new PrivateMap();
  offers = { tools: false, prompts: false, resources: false, completions: false };
  #cache = new PrivateMap();
  #notify;

  /** @param notify told of changes: `changed(kind)` and `updated(uri)` */
  constructor(notify) {
    this.#notify = notify;
  }

  /** How long the answer to a list, or to discover, may be kept. */
  cacheOf(list) {
    return this.#cache.get(list) ?? UNCACHED;
  }

  /** What tenant code gets: plain functions, so that they can be taken apart. */
  api(serverInfo) {
    return freeze({
      serverInfo: freeze({ ...serverInfo }),
      content,
      tool: (name, definition, handler) => this.#tool(name, definition, handler),
      resource: (uri, definition, handler) => this.#resource(uri, definition, handler),
      resourceTemplate: (template, definition, handler) => this.#template(template, definition, handler),
      prompt: (name, definition, handler) => this.#prompt(name, definition, handler),
      removeTool: (name) => this.#remove('tools', this.tools, name),
      removeResource: (uri) => this.#remove('resources', this.resources, uri),
      removeResourceTemplate: (template) => this.#remove('resources', this.templates, template),
      removePrompt: (name) => this.#remove('prompts', this.prompts, name),
      changed: (kind) => this.#changed(kind),
      resourceUpdated: (uri) => this.#updated(uri),
      cache: (list, hint) => this.#setCache(list, hint),
      error: (code, message, data) => new ProtocolError(code, message, data),
    });
  }

  #tool(name, definition, handler) {
    if (typeof name !== 'string' || !TOOL_NAME.test(name)) throw new TypeError(`tool ${show(name)}: the name must match ${TOOL_NAME}`);
    const what = `tool "${name}"`;
    this.#checkNew(what, this.tools, name, definition, TOOL, handler);
    texts(what, definition, 'title', 'description');
    const input = schema(what, 'input', definition.input ?? NO_ARGUMENTS);
    if (input.type !== 'object') throw new TypeError(`${what}: input at /type: the root must have type "object", got ${show(input.type)}`);
    const output = definition.output === undefined ? undefined : schema(what, 'output', definition.output);
    const { title, description, annotations, icons } = definition;
    const _meta = definition.once === true ? { ...definition._meta, 'smcp/once': true } : definition._meta;
    const text = listed(what, { name, title, description, inputSchema: input.text, outputSchema: output?.text, annotations, icons, _meta });
    this.#add('tools', this.tools, name, freeze({ name, handler, input, output, text }));
  }

  #resource(uri, definition, handler) {
    if (typeof uri !== 'string' || !URL.canParse(uri)) throw new TypeError(`resource ${show(uri)}: expected an absolute URI`);
    const what = `resource "${uri}"`;
    this.#checkNew(what, this.resources, uri, definition, RESOURCE, handler);
    requireName(what, definition);
    const { cache, ...shown } = definition;
    const text = listed(what, { uri, ...shown });
    this.#add('resources', this.resources, uri, freeze({ uri, handler, text, mimeType: shown.mimeType, cache: cacheHint(what, cache) }));
  }

  #template(uriTemplate, definition, handler) {
    const what = `resource template ${show(uriTemplate)}`;
    this.#checkNew(what, this.templates, uriTemplate, definition, TEMPLATE, handler);
    requireName(what, definition);
    const template = located(what, 'uriTemplate', () => new UriTemplate(uriTemplate));
    const { cache, complete = {}, ...shown } = definition;
    if (!isObject(complete)) throw new TypeError(`${what}: complete must be an object of functions, got ${show(complete)}`);
    for (const variable of Object.keys(complete)) {
      if (!template.names.includes(variable)) throw new TypeError(`${what}: complete.${variable} is no variable of the template`);
    }
    const completers = this.#completers(what, Object.entries(complete), template.names);
    const text = listed(what, { uriTemplate, ...shown });
    const entry = { template, handler, completers, text, mimeType: shown.mimeType, cache: cacheHint(what, cache) };
    this.#add('resources', this.templates, uriTemplate, freeze(entry));
  }

  #prompt(name, definition, handler) {
    if (typeof name !== 'string' || name === '' || name.length > 256) throw new TypeError(`prompt ${show(name)}: the name must be a text of 1 to 256 characters`);
    const what = `prompt "${name}"`;
    this.#checkNew(what, this.prompts, name, definition, PROMPT, handler);
    texts(what, definition, 'title', 'description');
    const list = definition.arguments ?? [];
    if (!Array.isArray(list)) throw new TypeError(`${what}: arguments must be an array, got ${show(list)}`);
    list.forEach((argument, index) => {
      onlyKnown(`${what}: arguments[${index}]`, argument, ARGUMENT);
      requireName(`${what}: arguments[${index}]`, argument);
    });
    const names = list.map((argument) => argument.name);
    if (new Set(names).size < names.length) throw new TypeError(`${what}: an argument is named twice in ${show(names)}`);
    const completers = this.#completers(what, list.map((argument) => [argument.name, argument.complete]), names);
    const shown = definition.arguments === undefined ? undefined : list.map(({ complete, ...argument }) => argument);
    const text = listed(what, { name, ...definition, arguments: shown });
    const required = list.filter((argument) => argument.required === true).map((argument) => argument.name);
    this.#add('prompts', this.prompts, name, freeze({ name, handler, required, completers, text, description: definition.description }));
  }

  /** Per argument or variable: its completion function, or null if it has none. */
  #completers(what, entries, names) {
    const completers = new PrivateMap();
    for (const name of names) completers.set(name, null);
    for (const [name, complete] of entries) {
      if (complete === undefined) continue;
      if (typeof complete !== 'function' && !Array.isArray(complete)) throw new TypeError(`${what}: complete of "${name}" must be a function or an array, got ${show(complete)}`);
      completers.set(name, typeof complete === 'function' ? complete : among(complete.map(String)));
      this.offers.completions = true;
    }
    return completers;
  }

  #checkNew(what, map, key, definition, known, handler) {
    onlyKnown(what, definition, known);
    if (typeof handler !== 'function') throw new TypeError(`${what}: the handler must be a function, got ${show(handler)}`);
    if (map.has(key)) throw new TypeError(`${what}: registered twice`);
    if (map.size >= MAX_ENTRIES) throw new RangeError(`${what}: more entries than the limit of ${MAX_ENTRIES}`);
  }

  #add(kind, map, key, entry) {
    map.set(key, entry);
    this.offers[kind] = true;
    this.#notify.changed(kind);
  }

  #remove(kind, map, key) {
    const known = map.delete(key);
    if (known) this.#notify.changed(kind);
    return known;
  }

  #changed(kind) {
    if (kind !== 'tools' && kind !== 'prompts' && kind !== 'resources') {
      throw new TypeError(`changed: expected "tools", "prompts" or "resources", got ${show(kind)}`);
    }
    this.#notify.changed(kind);
  }

  #updated(uri) {
    if (typeof uri !== 'string' || uri === '') throw new TypeError(`resourceUpdated: expected a URI, got ${show(uri)}`);
    this.#notify.updated(uri);
  }

  #setCache(list, hint) {
    if (!Object.hasOwn(CACHED, list)) throw new TypeError(`cache: expected one of ${Object.keys(CACHED).join(', ')}, got ${show(list)}`);
    this.#cache.set(list, cacheHint(`cache "${list}"`, hint ?? {}));
  }
}

/** MCP 2026-07-28, Caching: integer milliseconds of at least 0, and who may share. */
export function cacheHint(what, hint) {
  if (hint === undefined) return UNCACHED;
  onlyKnown(`${what}: cache`, hint, CACHE);
  const { ttlMs = 0, scope = 'private' } = hint;
  if (!Number.isSafeInteger(ttlMs) || ttlMs < 0) throw new TypeError(`${what}: cache.ttlMs must be an integer of at least 0, got ${show(ttlMs)}`);
  if (scope !== 'private' && scope !== 'public') throw new TypeError(`${what}: cache.scope must be "private" or "public", got ${show(scope)}`);
  return freeze({ ttlMs, scope });
}

function schema(what, field, source) {
  return located(what, field, () => new Schema(source));
}

function located(what, field, make) {
  try {
    return make();
  } catch (error) {
    throw new TypeError(`${what}: ${field} ${error.message}`);
  }
}

function requireName(what, { name }) {
  if (typeof name !== 'string' || name === '') throw new TypeError(`${what}: name must be a text, got ${show(name)}`);
}

function texts(what, definition, ...fields) {
  for (const field of fields) {
    const value = definition[field];
    if (value !== undefined && typeof value !== 'string') throw new TypeError(`${what}: ${field} must be a text, got ${show(value)}`);
  }
}

const SCHEMAS = ['inputSchema', 'outputSchema'];

/** The entry's JSON in its list. Schemas go in as the text they were checked as. */
function listed(what, entry) {
  const members = [];
  for (const [key, value] of Object.entries(entry)) {
    if (value === undefined) continue;
    const text = SCHEMAS.includes(key) ? value : located(what, key, () => stringify(value));
    if (text !== undefined) members.push(`${stringify(key)}:${text}`);
  }
  const text = `{${members.join(',')}}`;
  if (text.length > MAX_DEFINITION) throw new RangeError(`${what}: a definition of ${text.length} characters exceeds the limit of ${MAX_DEFINITION}`);
  return text;
}

function among(values) {
  return (typed) => values.filter((value) => value.toLowerCase().startsWith(typed.toLowerCase()));
}
