// Calls a second through the pipe of one runner, small tool, several depths of pipelining. Usage: node bench/calls.mjs [seconds]

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const seconds = Number(process.argv[2] ?? 3);
const runner = fileURLToPath(new URL('../runner.mjs', import.meta.url));
const root = fileURLToPath(new URL('.', import.meta.url));
const meta = {
  progressToken: 1,
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': { elicitation: {}, sampling: {} },
};

const child = spawn(process.execPath, ['--max-old-space-size=64', '--max-semi-space-size=2', runner], { stdio: ['pipe', 'pipe', 'inherit'] });
let onAnswers;
let tail = '';
child.stdout.setEncoding('latin1');
child.stdout.on('data', (chunk) => {
  let count = 0;
  for (let at = chunk.indexOf('\n'); at >= 0; at = chunk.indexOf('\n', at + 1)) count++;
  tail = chunk;
  if (count > 0) onAnswers(count);
});

let id = 0;
function call() {
  id += 1;
  const _meta = { ...meta, progressToken: id };
  return `${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'add', arguments: { a: 17, b: 25 }, _meta } })}\n`;
}

async function started() {
  const answered = new Promise((resolve) => (onAnswers = resolve));
  const params = { root, entry: 'adder.mjs', serverInfo: { name: 'bench', version: '1.0.0' } };
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 'start', method: 'smcp/start', params })}\n`);
  await answered;
  if (!tail.includes('smcp-js/1')) throw new Error(tail);
}

/** Keeps `depth` calls in flight for a while. The lines are prepared beforehand, so that this side costs little. */
function round(depth, duration) {
  return new Promise((resolve) => {
    const lines = Array.from({ length: 20_000 }, call);
    let next = 0;
    let answered = 0;
    let inFlight = 0;
    const begin = performance.now();
    const cpu = cpuOf(child.pid);
    const send = (count) => {
      let batch = '';
      for (let i = 0; i < count; i++) batch += lines[next++ % lines.length];
      inFlight += count;
      child.stdin.write(batch);
    };
    onAnswers = (count) => {
      answered += count;
      inFlight -= count;
      const elapsed = performance.now() - begin;
      if (elapsed < duration) return send(count);
      if (inFlight === 0) resolve({ depth, perSecond: (answered / elapsed) * 1000, cpuMicros: ((cpuOf(child.pid) - cpu) / answered) * 1e6 });
    };
    send(depth);
  });
}

/** CPU seconds of a process so far; /proc counts in ticks of 10 ms. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

await started();
await round(64, 1000);
for (const depth of [1, 8, 64, 256]) {
  const { perSecond, cpuMicros } = await round(depth, seconds * 1000);
  console.log(`${String(depth).padStart(4)} in flight: ${Math.round(perSecond).toLocaleString('en')} calls/s, ${cpuMicros.toFixed(1)} µs of CPU each`);
}
child.stdin.end();
