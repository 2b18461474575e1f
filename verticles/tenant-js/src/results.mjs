// What is run for a request: how it is named in the log, and how its value becomes the text of a result.

import { completion, promptMessages, readContents, toolResult } from './content.mjs';
import { INVALID_PARAMS, ProtocolError, show } from './faults.mjs';
import { isObject, parse, stringify } from './intrinsics.mjs';
import { cacheHint } from './tenant.mjs';

export const COMPLETE = '"resultType":"complete"';

export const bullets = (lines) => lines.map((line) => `- ${line}`).join('\n');

/** A result the model can read and act on (MCP 2026-07-28, Tools › Error handling). */
export function failure(message) {
  return `{${COMPLETE},"content":[{"type":"text","text":${stringify(message)}}],"isError":true}`;
}

export const hintText = ({ ttlMs, scope }) => `"ttlMs":${ttlMs},"cacheScope":"${scope}"`;

export const unknownResource = (uri) => new ProtocolError(INVALID_PARAMS, `unknown resource ${show(uri)}`, { uri });

export const TOOL = {
  name: ({ name }) => `tool "${name}"`,
  encode(value, tool) {
    const { content, structured, isError, meta } = toolResult(value);
    const structuredText = structured === undefined ? undefined : stringify(structured);
    if (tool.output !== undefined && !isError) {
      const wrong = outputViolations(tool, structuredText);
      if (wrong !== undefined) return failure(wrong);
    }
    const contentText = content === undefined ? `[{"type":"text","text":${stringify(structuredText)}}]` : stringify(content);
    let text = `{${COMPLETE},"content":${contentText}`;
    if (structuredText !== undefined) text += `,"structuredContent":${structuredText}`;
    if (isError) text += ',"isError":true';
    if (meta !== undefined) text += `,"_meta":${stringify(meta)}`;
    return `${text}}`;
  },
};

// What is checked is the JSON that leaves, not the objects it was made from: a Date is a text by then.
function outputViolations(tool, text) {
  if (text === undefined) return `Tool "${tool.name}" declares an output schema but returned no structured result.`;
  const violations = tool.output.check(parse(text));
  return violations && `The structured result of tool "${tool.name}" does not fit its output schema:\n${bullets(violations)}`;
}

export const READ = {
  name: ({ uri }) => `resource "${uri}"`,
  encode(value, { uri, mimeType, cache }, exchange) {
    const contents = readContents(value, uri, mimeType);
    if (contents === undefined) throw unknownResource(uri);
    const given = isObject(value) && !ArrayBuffer.isView(value) ? value : {};
    const chosen = cacheHint(`resource "${uri}"`, { ttlMs: given.ttlMs ?? cache.ttlMs, scope: given.cacheScope ?? cache.scope });
    const hint = exchange.isRetried ? cacheHint('', {}) : chosen; // MCP 2026-07-28, Caching: never the result of a retried request
    const meta = given.contents !== undefined && given._meta !== undefined ? `,"_meta":${stringify(given._meta)}` : '';
    return `{${COMPLETE},"contents":${stringify(contents)},${hintText(hint)}${meta}}`;
  },
};

export const PROMPT = {
  name: ({ name }) => `prompt "${name}"`,
  encode(value, prompt) {
    const messages = promptMessages(value);
    const description = (isObject(value) ? value.description : undefined) ?? prompt.description;
    const described = description === undefined ? '' : `"description":${stringify(String(description))},`;
    const meta = isObject(value) && value._meta !== undefined ? `,"_meta":${stringify(value._meta)}` : '';
    return `{${COMPLETE},${described}"messages":${stringify(messages)}${meta}}`;
  },
};

export const COMPLETION = {
  name: (ref) => `completion of ${show(ref)}`,
  encode: (value) => `{${COMPLETE},"completion":${completion(value)}}`,
};
