// A runner that speaks the line by hand, so that it can say what ours never would. The manifest's entry chooses how it starts,
// the tool's name what it does with a call.

import { spawn } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const send = (...messages) => process.stdout.write(messages.map((message) => (typeof message === 'string' ? message : JSON.stringify(message)) + '\n').join(''));
const answer = (id, result) => send({ jsonrpc: '2.0', id, result });
const said = (text) => ({ resultType: 'complete', content: [{ type: 'text', text }] });
const progress = (id, value) => ({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: id, progress: value } });
const log = (id, level) => ({ jsonrpc: '2.0', method: 'notifications/message', params: { level, data: level, _meta: { 'smcp/call': id, 'com.example/kept': 1 } } });
const write = (piece) => {
  for (let from = 0; from < piece.length; ) {
    try {
      from += writeSync(1, piece, from);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
};
const held = new Map();
const cancelled = [];
let refusal;

const starts = {
  silent() {},
  refuses: (id) => send({ jsonrpc: '2.0', id, error: { code: -32603, message: 'server.mjs:3:5: boom' } }),
  exits: () => process.exit(3),
  busy: () => { for (;;); },
  'pid-then-busy'(id) {
    process.stderr.write(`pid ${process.pid}\n`);
    answer(id, { runner: 'raw' });
  },
};

const results = {
  'no-object': 5,
  'null': null,
  'unknown-type': { resultType: 'something', content: [] },
  'no-type': { content: [] },
  asks: { resultType: 'input_required', inputRequests: {} },
};

const calls = {
  echo: (id, params) => answer(id, { resultType: 'complete', structuredContent: params, content: [] }),
  result: (id, { arguments: { kind } }) => answer(id, results[kind]),
  steps(id, { arguments: { text } }) {
    send(progress(id, 1), progress(id, 2));
    answer(id, said(text));
  },
  'crooked-progress'(id) {
    send(progress(id, 1), progress(id, 1), progress(id, 0), progress(id, '7'), progress(`${id}`, 8), progress(id, 2));
    answer(id, said('done'));
  },
  logs(id) {
    send(log(id, 'debug'), log(id, 'warning'), log(id, 'shout'));
    answer(id, said('done'));
  },
  both: (id) => send({ jsonrpc: '2.0', id, result: said('x'), error: { code: 1, message: 'm' } }),
  'cut-answer': (id) => send(`{"jsonrpc":"2.0","id":${id},"result":{"content":[`),
  fails: (id) => send({ jsonrpc: '2.0', id, error: { code: -32021, message: 'needs elicitation', data: { requiredCapabilities: { elicitation: {} } } } }),
  garbage(id) {
    send('Hello!', '', '[]', '{"jsonrpc":"2.0"}', '{"id":"x","result":{}}', '\u0000', '{"jsonrpc":"2.0","id":99999999999999999999,"result":{}}');
    answer(id, said('still here'));
  },
  'malformed-notices'(id) {
    const method = 'notifications/message';
    const about = { 'smcp/call': id };
    send({ jsonrpc: '2.0', method }, { jsonrpc: '2.0', method, params: [id] }, { jsonrpc: '2.0', method, params: null });
    send({ jsonrpc: '2.0', method, params: { data: 'no level', _meta: about } }, log(`${id}`, 'error'), log([id], 'error'), log(null, 'error'));
    send({ jsonrpc: '2.0', method: 'cancelled', params: { _meta: about } }, { jsonrpc: '2.0', method: 7, params: { _meta: about } });
    send(`{"method":"${method}","params":{"level":"error","_meta":{"smcp/call":${id},"smcp/call":${id}}}}`);
    send(`{"method":"${method}","method":"${method}","params":{"level":"error","_meta":{"smcp/call":${id}}}}`);
    answer(id, said('done'));
  },
  // to every id but its own, in every spelling
  forged(id) {
    for (let other = 0; other < 200; other++) if (other !== id) send({ jsonrpc: '2.0', id: other, result: said('forged') }, progress(other, 1e9));
    send(`{"id":${id}.0,"result":{}}`, `{"id":"${id}","result":{}}`, `{"id":0${id},"result":{}}`);
    answer(id, said('mine'));
  },
  again(id) {
    answer(id, said('first'));
    send(progress(id, 5), log(id, 'error'));
    answer(id, said('second'));
  },
  endless(id) {
    const piece = Buffer.alloc(1 << 20, 120);
    for (let i = 0; i < 40; i++) write(piece);
    answer(id, said('too late'));
  },
  'forged-flood'() {
    const piece = Buffer.from('{"jsonrpc":"2.0","id":123456,"result":{}}\n'.repeat(1000));
    for (;;) write(piece);
  },
  'notice-flood'(id) {
    for (let i = 0; i < 200; i++) send(progress(id, i));
  },
  big: (id, { arguments: { bytes } }) => answer(id, said('x'.repeat(bytes))),
  hold: (id) => held.set(id),
  release(id) {
    for (const other of held.keys()) answer(other, said('released'));
    answer(id, said('released'));
  },
  cancelled: (id) => answer(id, said(JSON.stringify(cancelled))),
  exits: () => process.exit(4),
  'fills-heap'() {
    for (const all = []; ; ) all.push(Array.from({ length: 1000 }, Math.random));
  },
  killed: () => process.kill(process.pid, 'SIGKILL'),
  'last-words'(id) {
    writeSync(1, JSON.stringify({ jsonrpc: '2.0', id, result: said('last words') }) + '\n');
    process.exit(5);
  },
  'closes-output': () => closeSync(1),
  busy: () => { for (;;); },
  prints(id, { arguments: { lines, length } }) {
    process.stderr.write((('é'.repeat(length) || 'x') + '\n').repeat(lines));
    answer(id, said('printed'));
  },
  'asks-platform'(id) {
    refusal = (message) => answer(id, said(JSON.stringify(message.error)));
    send({ jsonrpc: '2.0', id: 'r1', method: 'smcp/kv', params: { _meta: { 'smcp/call': id } } });
  },
  changes(id) {
    send({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }, { jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'a://b' } });
    answer(id, said('changed'));
  },
  breeds(id) {
    const child = spawn('/bin/sleep', ['1000'], { detached: true, stdio: 'inherit' });
    child.on('spawn', () => answer(id, said(`${child.pid}`)));
  },
  environment: (id) => answer(id, said(JSON.stringify({ env: process.env, cwd: process.cwd() }))),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, error } = JSON.parse(line);
  if (method === 'smcp/start') return (starts[params.entry] ?? (() => answer(id, { runner: 'raw' })))(id);
  if (method === 'notifications/cancelled') return cancelled.push(params);
  if (id === 'r1') return refusal({ error });
  if (method === 'tools/call') return calls[params.name](id, params);
  if (method === 'completion/complete') return answer(id, results.asks);
  if (method === 'server/discover') return answer(id, { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: {}, asked: params });
  send({ jsonrpc: '2.0', id, error: { code: -32601, message: `no ${method}` } });
}).on('close', () => process.exit(0));
