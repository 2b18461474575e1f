// What a tenant can ask the client: the request, the capability it needs, and what counts as an answer to it.

import { missingCapability, show } from './faults.mjs';
import { hasOwn, isArray, isInteger, isObject, own, parse, stringify } from './intrinsics.mjs';
import { Schema } from './schema.mjs';

export const METHODS = new Set(['elicitation/create', 'sampling/createMessage', 'roots/list']);

/** The client capability a request to the client needs. `elicitation: {}` means form only (MCP 2026-07-28, Elicitation). */
export function neededFor({ method, params = {} }) {
  if (method === 'roots/list') return { roots: {} };
  if (method === 'elicitation/create') return { elicitation: params.mode === 'url' ? { url: {} } : { form: {} } };
  if (params.tools !== undefined || params.toolChoice !== undefined) return { sampling: { tools: {} } };
  if (params.includeContext !== undefined && params.includeContext !== 'none') return { sampling: { context: {} } };
  return { sampling: {} };
}

/** Throws -32021 unless every capability, and every mode of it, was declared with this request. */
export function requireDeclared(declared, needed) {
  if (!declares(declared, needed)) throw missingCapability(needed);
}

export function declares(declared, needed) {
  for (const [name, parts] of Object.entries(needed)) {
    const has = own(declared, name);
    if (!isObject(has)) return false;
    for (const [part, inner] of Object.entries(isObject(parts) ? parts : {})) {
      if (name === 'elicitation' && part === 'form' && !hasOwn(has, 'url') && !hasOwn(has, 'form')) continue;
      if (!declares(has, { [part]: inner })) return false;
    }
  }
  return true;
}

const ACTIONS = new Set(['accept', 'decline', 'cancel']);

export function elicitation(options) {
  const { message, schema, url } = isObject(options) ? options : {};
  if (typeof message !== 'string') throw new TypeError(`elicit: message must be a string, got ${show(message)}`);
  if (typeof url === 'string' && schema === undefined) {
    const request = { method: 'elicitation/create', params: { mode: 'url', message, url } };
    return { request, accepts: (answer) => isObject(answer) && ACTIONS.has(answer.action) };
  }
  if (!isObject(schema)) throw new TypeError(`elicit: give either schema or url, got ${show(options)}`);
  const compiled = formSchema(schema);
  const request = { method: 'elicitation/create', params: { message, requestedSchema: parse(compiled.text) } };
  return { request, accepts: (answer) => isObject(answer) && ACTIONS.has(answer.action) && fits(answer, compiled) };
}

function fits({ action, content }, schema) {
  return action !== 'accept' || schema.check(content ?? {}) === undefined;
}

const PRIMITIVES = new Set(['string', 'number', 'integer', 'boolean', 'array']);

// MCP 2026-07-28, Elicitation › Requested schema: one flat object of primitives; clients draw a form from it.
function formSchema(schema) {
  let compiled;
  try {
    compiled = new Schema(schema);
  } catch (error) {
    throw new TypeError(`elicit: schema ${error.message}`);
  }
  if (schema.type !== 'object' || !isObject(schema.properties)) {
    throw new TypeError('elicit: schema must have type "object" and properties');
  }
  for (const [name, field] of Object.entries(schema.properties)) {
    if (!PRIMITIVES.has(field?.type)) {
      throw new TypeError(`elicit: schema /properties/${name} must be a string, number, integer, boolean or multiple choice, got ${show(field)}`);
    }
  }
  return compiled;
}

export function sampling(params) {
  const plain = isObject(params) ? parse(stringify(params)) : {};
  if (!isArray(plain.messages) || plain.messages.length === 0) throw new TypeError(`sample: messages must be a list, got ${show(plain.messages)}`);
  if (!isInteger(plain.maxTokens)) throw new TypeError(`sample: maxTokens must be an integer, got ${show(plain.maxTokens)}`);
  return { request: { method: 'sampling/createMessage', params: plain }, accepts: isMessage };
}

function isMessage(answer) {
  return isObject(answer) && typeof answer.role === 'string' && typeof answer.model === 'string' && typeof answer.content === 'object' && answer.content !== null;
}

export function roots() {
  return {
    request: { method: 'roots/list' },
    accepts: (answer) => isObject(answer) && isArray(answer.roots) && answer.roots.every((root) => typeof root?.uri === 'string'),
  };
}
