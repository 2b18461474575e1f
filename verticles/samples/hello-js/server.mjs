// A first tenant. The module's default export registers what the server offers; everything comes in by arguments,
// so there is nothing to install. The type comment is all an editor needs for completion and checks.

import { setTimeout as pause } from 'node:timers/promises';

const CLIMATE = new Map([
  ['Lisbon', { summer: 28, winter: 14 }],
  ['London', { summer: 23, winter: 8 }],
  ['Oslo', { summer: 22, winter: -1 }],
]);

/** @param {import('smcp-tenant').Mcp} mcp */
export default function hello(mcp) {
  // Arguments are checked against `input` before the handler runs, results against `output` before they leave.
  mcp.tool(
    'convert_temperature',
    {
      title: 'Convert a temperature',
      description: 'Converts degrees Celsius to Fahrenheit and Kelvin',
      input: {
        type: 'object',
        properties: { celsius: { type: 'number', minimum: -273.15 } },
        required: ['celsius'],
        additionalProperties: false,
      },
      output: {
        type: 'object',
        properties: { fahrenheit: { type: 'number' }, kelvin: { type: 'number' } },
        required: ['fahrenheit', 'kelvin'],
      },
      annotations: { readOnlyHint: true },
    },
    ({ celsius }) => ({ structured: { fahrenheit: celsius * 1.8 + 32, kelvin: celsius + 273.15 } }),
  );

  // Progress goes only to clients that asked for it. Waiting with `call.signal` stops as soon as the client gives up.
  mcp.tool(
    'count_down',
    {
      description: 'Counts down from a number, ten steps a second',
      input: { type: 'object', properties: { from: { type: 'integer', minimum: 1, maximum: 100 } }, required: ['from'] },
    },
    async ({ from }, call) => {
      for (let left = from; left > 0; left--) {
        call.progress(from - left, from, `${left} to go`);
        await pause(100, undefined, { signal: call.signal });
      }
      return 'Lift-off!';
    },
  );

  // Asking the client ends the call and runs this function again from its start with the answer. So what must happen once,
  // such as choosing a booking number, is wrapped in `call.once`: later rounds get the value of the first.
  mcp.tool(
    'book_table',
    {
      description: 'Books a table after asking for whom',
      input: { type: 'object', properties: { people: { type: 'integer', minimum: 1, maximum: 12 } }, required: ['people'] },
      once: true,
    },
    async ({ people }, call) => {
      const number = await call.once('number', () => crypto.randomUUID().slice(0, 8));
      const guest = await call.elicit('guest', {
        message: `In whose name shall the table for ${people} be?`,
        schema: { type: 'object', properties: { name: { type: 'string', title: 'Name', minLength: 1 } }, required: ['name'] },
      });
      if (guest.action !== 'accept') return 'Nothing was booked.';
      return `Booked a table for ${people} in the name of ${guest.content.name}, number ${number}.`;
    },
  );

  // Returning nothing means: no such resource.
  mcp.resourceTemplate(
    'city://{name}',
    {
      name: 'city-climate',
      description: 'Mean summer and winter temperature of a city, in degrees Celsius',
      mimeType: 'application/json',
      complete: { name: [...CLIMATE.keys()] },
      cache: { ttlMs: 60_000, scope: 'public' },
    },
    (uri, { name }) => {
      const climate = CLIMATE.get(name);
      return climate && JSON.stringify(climate);
    },
  );

  mcp.prompt(
    'packing_list',
    {
      description: 'Asks for a packing list for a journey',
      arguments: [
        { name: 'city', description: 'Where to', required: true, complete: [...CLIMATE.keys()] },
        { name: 'season', description: 'When', complete: (typed) => ['summer', 'winter'].filter((season) => season.startsWith(typed)) },
      ],
    },
    ({ city, season = 'summer' }) => `Read city://${encodeURIComponent(city)} and write a packing list for a week in ${season}.`,
  );
}
