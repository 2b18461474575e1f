import { declares, elicitation, requireDeclared, roots, sampling } from './questions.mjs';
import { create, freeze, isObject } from './intrinsics.mjs';
import { show } from './faults.mjs';

/** What a handler is given beside its arguments: see `Call` in index.d.ts. A thin face; the exchange behind it is out of tenant code's reach. */
export class Call {
  #exchange;

  constructor(exchange) {
    this.#exchange = exchange;
  }

  get signal() {
    return this.#exchange.signal;
  }

  get meta() {
    return this.#exchange.meta;
  }

  get progressRequested() {
    return this.#exchange.wantsProgress;
  }

  get client() {
    return freeze({ info: this.#exchange.metaValue('clientInfo'), capabilities: this.#exchange.capabilities });
  }

  supports(capabilities) {
    return declares(this.#exchange.capabilities, capabilities);
  }

  require(capabilities) {
    requireDeclared(this.#exchange.capabilities, capabilities);
  }

  progress(progress, total, message) {
    this.#exchange.progress(progress, total, message);
  }

  log(level, data, logger) {
    this.#exchange.log(level, data, logger);
  }

  closeStream(retryMs) {
    this.#exchange.closeStream(retryMs);
  }

  elicit(key, options) {
    return handled(this.#ask(key, () => elicitation(options)));
  }

  sample(key, params) {
    return handled(this.#ask(key, () => sampling(params)));
  }

  roots(key) {
    return handled(this.#ask(key, roots));
  }

  // Async, so that every failure is a rejection and questions of one Promise.all leave together.
  async #ask(key, question) {
    const questions = create(null);
    questions[String(key)] = question();
    return this.#exchange.ask(questions)[key];
  }

  askAll(requests) {
    return handled(this.#askAll(requests));
  }

  async #askAll(requests) {
    if (!isObject(requests)) throw new TypeError(`askAll: expected an object of requests, got ${show(requests)}`);
    const questions = create(null);
    for (const [key, request] of Object.entries(requests)) questions[key] = questionOf(key, request);
    return this.#exchange.ask(questions);
  }

  once(key, supplier) {
    return handled(this.#once(key, supplier));
  }

  async #once(key, supplier) {
    return this.#exchange.rounds.once(key, supplier);
  }

  inputRequired(options) {
    return handled(this.#inputRequired(options));
  }

  async #inputRequired(options) {
    return this.#exchange.askRaw(options);
  }

  get inputResponses() {
    return this.#exchange.rounds.responses;
  }

  get state() {
    return this.#exchange.rounds.state;
  }

  set state(value) {
    this.#exchange.rounds.state = value;
  }
}

function questionOf(key, request) {
  if (isObject(request)) {
    if (request.elicit !== undefined) return elicitation(request.elicit);
    if (request.sample !== undefined) return sampling(request.sample);
    if (request.roots !== undefined) return roots();
  }
  throw new TypeError(`askAll: "${key}" must be {elicit}, {sample} or {roots}, got ${show(request)}`);
}

function ignore() {}

// A question nobody awaits has still been asked; its rejection is not worth a line in the log.
function handled(promise) {
  promise.catch(ignore);
  return promise;
}
