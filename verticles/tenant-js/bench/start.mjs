// From spawn to the answer of smcp/start for samples/hello-js, and what the process then holds; beside it, bare node. Usage: node bench/start.mjs [runs]

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const runs = Number(process.argv[2] ?? 21);
const runner = fileURLToPath(new URL('../runner.mjs', import.meta.url));
const root = fileURLToPath(new URL('../../samples/hello-js', import.meta.url));
const flags = ['--max-old-space-size=64', '--max-semi-space-size=2'];

function open(args) {
  const begin = performance.now();
  const child = spawn(process.execPath, [...flags, ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
  const line = () => new Promise((resolve) => child.stdout.once('data', () => resolve(performance.now() - begin)));
  const close = () => new Promise((resolve) => child.once('close', resolve).stdin.end());
  return { child, line, close, begin };
}

const start = `${JSON.stringify({ jsonrpc: '2.0', id: 'start', method: 'smcp/start', params: { root, entry: 'server.mjs', serverInfo: { name: 'hello-js', version: '1.0.0' } } })}\n`;
const ping = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'server/discover', params: {} })}\n`;

const bare = async () => {
  const { line, close } = open(['-e', 'process.stdout.write("\\n");process.stdin.resume()']);
  const took = await line();
  await close();
  return { took };
};

const cold = async () => {
  const { child, line, close } = open([runner]);
  child.stdin.write(start);
  const took = await line();
  const memory = memoryOf(child.pid);
  await close();
  return { took, ...memory };
};

/** The runner is up and waiting before the start is sent, as in a warm pool. */
const warm = async () => {
  const { child, line, close, begin } = open([runner]);
  child.stdin.write(ping); // refused, but only once the runner is there
  const ready = await line();
  const answered = line();
  child.stdin.write(start);
  const took = (await answered) - ready;
  await close();
  return { took, begin };
};

function memoryOf(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)[1]) / 1024;
  return { rss: of('Rss'), anonymous: of('Anonymous') };
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1].toFixed(1);

for (const [name, run] of [['bare node', bare], ['spawn to smcp/start answered', cold], ['warm runner to smcp/start answered', warm]]) {
  const results = [];
  for (let i = 0; i < runs; i++) results.push(await run());
  const memory = results[0].rss === undefined ? '' : `; RSS ${median(results.map((r) => r.rss))} MiB, anonymous ${median(results.map((r) => r.anonymous))} MiB`;
  console.log(`${name}: median ${median(results.map((r) => r.took))} ms of ${runs}${memory}`);
}
