import { INVALID_PARAMS, ProtocolError, messageOf, show } from './faults.mjs';
import { PrivateMap, byteLength, create, isObject, own, parse, stringify } from './intrinsics.mjs';
import { METHODS, neededFor, requireDeclared } from './questions.mjs';

/** The state rides in the body of the client's next POST, sealed and so a third larger: keep it small (MCP 2026-07-28, MRTR › Size). */
export const MAX_STATE = 64 * 1024;
export const MAX_REQUESTS = 32;

const KEY = /^[A-Za-z0-9_.:-]{1,128}$/;

/** Thrown to leave a handler whose questions are on their way to the client. Not a failure; catching it changes nothing. */
class InputRequired extends Error {
  constructor() {
    super('the client is being asked; the handler runs again from its start once the answer is there');
    this.name = 'InputRequired';
  }
}

/**
 * The multi-round trip of one call: what the client answered so far, what `once` kept, and what is to be asked now.
 *
 * A client sends only the answers of the last round, and the next round may run in another process, so everything worth keeping is
 * in `requestState`: compact JSON `{a: answers by key, o: once values by key, s: the tenant's own state}`. The platform seals it on its
 * way out and opens it on its way back; what arrives here is what this code once wrote.
 */
export class Rounds {
  #capabilities;
  #responses;
  #answers = new PrivateMap();
  #kept = new PrivateMap();
  #keeping = new PrivateMap();
  #asked = new PrivateMap();
  #requests = create(null);
  #raised = undefined;
  #conflict = undefined;
  state = undefined;

  constructor(params, capabilities) {
    this.#capabilities = capabilities;
    this.#responses = responsesOf(params);
    const text = own(params, 'requestState');
    if (text !== undefined) this.#open(text);
  }

  #open(text) {
    let state;
    try {
      state = parse(text);
    } catch {
      state = undefined;
    }
    if (!isObject(state)) throw new ProtocolError(INVALID_PARAMS, 'params.requestState is not a state this server gave');
    each(own(state, 'a'), (key, value) => this.#answers.set(key, stringify(value)));
    each(own(state, 'o'), (key, value) => this.#kept.set(key, stringify(value)));
    this.state = own(state, 's');
  }

  /** The client's answers of the last round, unchecked and including those nobody asked for. */
  get responses() {
    return parse(stringify(this.#responses));
  }

  get isRaised() {
    return this.#raised !== undefined;
  }

  /** The answer to one question; without one the question is noted and undefined returned. */
  answer(key, question) {
    this.#checkQuestion(key, question);
    const earlier = this.#answers.get(key);
    if (earlier !== undefined) return parse(earlier);
    const now = own(this.#responses, key);
    if (now !== undefined && question.accepts(now)) {
      this.#answers.set(key, stringify(now));
      return now;
    }
    this.#note(key, question.request);
    return undefined;
  }

  // Two questions under one key would both get the answer to the first.
  #checkQuestion(key, { request }) {
    if (typeof key !== 'string' || !KEY.test(key)) throw new TypeError(`a question's key must match ${KEY}, got ${show(key)}`);
    const text = stringify(request);
    const same = this.#asked.get(key);
    if (same !== undefined && same !== text) {
      this.#conflict = new TypeError(`two different questions were asked under the key "${key}"`);
      throw this.#conflict;
    }
    this.#asked.set(key, text);
    requireDeclared(this.#capabilities, neededFor(request));
  }

  #note(key, request) {
    this.#requests[key] = request;
    const count = Object.keys(this.#requests).length;
    if (count > MAX_REQUESTS) throw new RangeError(`${count} questions in one round exceed the limit of ${MAX_REQUESTS}`);
  }

  /** Ends this round: returns what to throw. From here on the call can only end as `input_required`. */
  raise() {
    this.#raised ??= new InputRequired();
    return this.#raised;
  }

  /** The raw form: the tenant's own requests and state. */
  raiseRaw({ requests = {}, state }) {
    if (!isObject(requests)) throw new TypeError(`inputRequired: requests must be an object, got ${show(requests)}`);
    if (Object.keys(requests).length === 0 && state === undefined) throw new TypeError('inputRequired: give requests, state or both');
    for (const [key, request] of Object.entries(requests)) {
      const plain = parse(stringify(request) ?? 'null');
      if (!isObject(plain) || !METHODS.has(plain.method)) {
        throw new TypeError(`inputRequired: requests.${key}.method must be one of ${[...METHODS].join(', ')}, got ${show(plain?.method)}`);
      }
      this.#checkQuestion(key, { request: plain });
      this.#note(key, plain);
    }
    if (state !== undefined) this.state = state;
    return this.raise();
  }

  /** A value computed in the first round that needs it and remembered in all later ones, as JSON in both cases. */
  async once(key, supplier) {
    if (typeof key !== 'string' || key === '' || key.length > 128) throw new TypeError(`once: key must be a text of 1 to 128 characters, got ${show(key)}`);
    if (typeof supplier !== 'function') throw new TypeError(`once: expected a function for "${key}", got ${show(supplier)}`);
    if (this.#raised) throw this.#raised;
    if (!this.#kept.has(key)) {
      if (!this.#keeping.has(key)) this.#keeping.set(key, this.#keep(key, supplier));
      try {
        await this.#keeping.get(key);
      } finally {
        this.#keeping.delete(key);
      }
    }
    return parse(this.#kept.get(key));
  }

  async #keep(key, supplier) {
    const value = await supplier();
    let text;
    try {
      text = stringify(value ?? null);
    } catch (error) {
      throw new TypeError(`once: the value of "${key}" is not JSON: ${messageOf(error)}`);
    }
    if (text === undefined) throw new TypeError(`once: the value of "${key}" is not JSON`);
    this.#kept.set(key, text);
  }

  /** The text of the `input_required` result. */
  result() {
    if (this.#conflict) throw this.#conflict; // even if the first of the two has ended the round
    const requests = stringify(this.#requests);
    const state = this.#seal();
    const size = byteLength(state);
    if (size > MAX_STATE) throw new RangeError(`requestState of ${size} bytes exceeds the limit of ${MAX_STATE} bytes`);
    const asked = requests === '{}' ? '' : `,"inputRequests":${requests}`;
    return `{"resultType":"input_required"${asked},"requestState":${stringify(state)}}`;
  }

  #seal() {
    const parts = [];
    if (this.#answers.size > 0) parts.push(`"a":${objectText(this.#answers)}`);
    if (this.#kept.size > 0) parts.push(`"o":${objectText(this.#kept)}`);
    const state = this.state === undefined ? undefined : stringify(this.state);
    if (state !== undefined) parts.push(`"s":${state}`);
    return `{${parts.join(',')}}`;
  }
}

function objectText(map) {
  const members = [];
  map.forEach((text, key) => members.push(`${stringify(key)}:${text}`));
  return `{${members.join(',')}}`;
}

function each(object, visit) {
  if (!isObject(object)) return;
  for (const key of Object.keys(object)) visit(key, object[key]);
}

/** Malformed structure is the client's error, not a reason to ask again (MCP 2026-07-28, MRTR). */
function responsesOf(params) {
  const responses = own(params, 'inputResponses');
  if (responses === undefined) return create(null);
  if (!isObject(responses)) throw new ProtocolError(INVALID_PARAMS, `params.inputResponses must be an object, got ${show(responses)}`);
  return responses;
}
