import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export default (mcp) =>
  mcp.tool('look', {}, async () => {
    spawnSync(process.execPath, ['-e', 'console.log("printed by a child"); process.stdin.resume()'], { stdio: 'inherit' });
    const fromZero = readFileSync(0, 'utf8');
    let fromStdin = '';
    for await (const chunk of process.stdin) fromStdin += chunk;
    return { structured: { fromZero, fromStdin } };
  });
