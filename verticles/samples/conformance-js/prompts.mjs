import { PNG } from './media.mjs';

/** @param {import('smcp-tenant').Mcp} mcp */
export function registerPrompts(mcp) {
  const { image, resource, text } = mcp.content;
  /** @returns {import('smcp-tenant').PromptMessage[]} */
  const user = (...blocks) => blocks.map((content) => ({ role: 'user', content }));

  mcp.prompt('test_simple_prompt', { description: 'One text' }, () => 'This is a simple prompt for testing.');
  const complete = ['test', 'testValue1', 'testValue2'];
  const described = (name, description) => ({ name, description, required: true });
  mcp.prompt(
    'test_prompt_with_arguments',
    {
      description: 'A text with both arguments',
      arguments: [{ ...described('arg1', 'First argument'), complete }, { ...described('arg2', 'Second argument'), complete }],
    },
    ({ arg1, arg2 }) => `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`,
  );
  mcp.prompt(
    'test_prompt_with_embedded_resource',
    { description: 'Embeds the resource it is given', arguments: [described('resourceUri', 'URI of the resource')] },
    ({ resourceUri }) =>
      user(resource({ uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' }), text('Please process the resource above.')),
  );
  mcp.prompt('test_prompt_with_image', { description: 'An image and a text' }, () => user(image(PNG, 'image/png'), text('Please look at the image above.')));
  mcp.prompt('test_input_required_result_prompt', { description: 'Asks for context first' }, async (_, call) => {
    const schema = { type: 'object', properties: { context: { type: 'string' } }, required: ['context'] };
    const { content } = await call.elicit('user_context', { message: 'What is the context?', schema });
    return `Consider this context: ${content?.context ?? 'none'}`;
  });
}
