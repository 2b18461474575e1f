// A runner process as the platform sees it: its pipes, and nothing else.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../runner.mjs', import.meta.url));
const TENANTS = fileURLToPath(new URL('../tenants', import.meta.url));
const PIPED = 'cat | { "$0" "$1" 2>&1 1>&4 4>&- | cat >&2 4>&-; } 4>&1 | cat';
const DEADLINE = 10_000;

export const VERSION = '2026-07-28';
export const META = 'io.modelcontextprotocol/';

/** A started runner whose process ends with the test. */
export async function started(t, entry, { root = TENANTS, pipes = false } = {}) {
  const runner = new Runner(t, pipes);
  const answer = await runner.start(entry, root);
  if (answer.error) throw new Error(answer.error.message);
  return runner;
}

export class Runner {
  notifications = [];
  stray = [];
  stderr = '';
  #child;
  #nextId = 1;
  #answers = new Map();
  #watchers = new Set();

  /** @param pipes whether the runner gets pipes, as the platform gives it, or the socket pairs that Node calls pipes */
  constructor(t, pipes = false) {
    const command = pipes ? ['sh', '-c', PIPED, process.execPath, PROGRAM] : [process.execPath, PROGRAM];
    this.#child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr.setEncoding('utf8').on('data', (text) => this.#changed(() => (this.stderr += text)));
    this.#child.stdin.on('error', () => {}); // writes after its end are part of some tests
    this.exited = new Promise((resolve) => this.#child.once('close', (code, signal) => resolve({ code, signal })));
    const lines = createInterface({ input: this.#child.stdout, crlfDelay: Infinity });
    lines.on('line', (line) => this.#changed(() => this.#receive(JSON.parse(line))));
    t.after(() => {
      this.#child.stdin.destroy();
      this.#child.kill('SIGKILL');
      return this.exited;
    });
  }

  get pid() {
    return this.#child.pid;
  }

  start(entry, root = TENANTS, more = {}) {
    const serverInfo = { name: 'fixture', version: '1.0.0', title: 'Fixture' };
    return this.#ask('start', 'smcp/start', { root, entry, serverInfo, ...more });
  }

  /** Sends a request as the platform would; resolves to the whole answer. */
  request(method, params = {}, { capabilities = {}, progress = false, ...keys } = {}) {
    const id = this.#nextId++;
    const _meta = { [`${META}protocolVersion`]: VERSION, [`${META}clientCapabilities`]: capabilities, ...keys };
    if (progress) _meta.progressToken = id;
    const answered = this.#ask(id, method, { ...params, _meta: { ..._meta, ...params._meta } });
    answered.id = id;
    return answered;
  }

  call(name, args, options = {}) {
    const { inputResponses, requestState, ...rest } = options;
    return this.request('tools/call', { name, arguments: args, inputResponses, requestState }, rest);
  }

  notify(method, params) {
    this.write(`${JSON.stringify({ jsonrpc: '2.0', method, params })}\n`);
  }

  /** Bytes as they are. */
  write(bytes) {
    return this.#child.stdin.write(bytes);
  }

  end() {
    this.#child.stdin.end();
  }

  /** Stops and resumes reading what the runner writes. */
  pauseReading() {
    this.#child.stdout.pause();
  }

  resumeReading() {
    this.#child.stdout.resume();
  }

  expect(id) {
    return within(new Promise((resolve) => this.#answers.set(id, resolve)), `an answer to ${JSON.stringify(id)}`, () => this.stderr);
  }

  /** Resolves once the condition holds; checked whenever something arrives. */
  until(condition, what) {
    const met = new Promise((resolve) => {
      const watch = () => {
        if (!condition(this)) return;
        this.#watchers.delete(watch);
        resolve();
      };
      this.#watchers.add(watch);
      watch();
    });
    return within(met, what, () => this.stderr);
  }

  /** Resolves when everything sent before has been read and answered where it is answered at once. */
  async settled() {
    await this.request('server/discover');
  }

  #ask(id, method, params) {
    const answer = this.expect(id);
    this.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return answer;
  }

  #receive(message) {
    if (message.method !== undefined) return void this.notifications.push(message);
    const resolve = this.#answers.get(message.id);
    if (resolve === undefined) return void this.stray.push(message);
    this.#answers.delete(message.id);
    resolve(message);
  }

  #changed(change) {
    change();
    for (const watch of [...this.#watchers]) watch();
  }
}

export function within(promise, what, detail = () => '') {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${DEADLINE} ms\n${detail()}`)), DEADLINE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export const text = ({ result }) => result.content[0].text;
