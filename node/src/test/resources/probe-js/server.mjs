// The same tools as com.example.probe.Probe. The mark is put in when a test packs this file.

import { setTimeout as pause } from 'node:timers/promises';

const MARK = '@MARK@';
const ANY = { type: 'object' };

/** @param {import('smcp-tenant').Mcp} mcp */
export default function probe(mcp) {
  mcp.tool('mark', { input: ANY }, () => MARK);
  mcp.tool('echo', { input: ANY }, async ({ payload, steps = 0, gap = 0 }, call) => {
    for (let i = 1; i <= steps; i++) {
      call.progress(i, steps, payload);
      if (gap > 0) await pause(gap, undefined, { signal: call.signal });
    }
    return payload;
  });
  mcp.tool('wait', { input: ANY }, async ({ ms }, call) => {
    await pause(ms, undefined, { signal: call.signal });
    return MARK;
  });
  mcp.tool('flood', { input: ANY }, async ({ count, bytes }, call) => {
    const line = 'x'.repeat(bytes);
    for (let i = 0; i < count; i++) {
      call.progress(i, count, line);
      if (i % 10 === 9) await pause(1, undefined, { signal: call.signal });
    }
    return 'flooded';
  });
  mcp.tool('spin', { input: ANY }, () => {
    for (;;);
  });
  mcp.tool('ask', { input: ANY }, async (_, call) => {
    const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
    const answer = await call.elicit('name', { message: 'Who?', schema });
    return answer.action === 'accept' ? `${answer.content.name}@${MARK}` : 'nobody';
  });
}
