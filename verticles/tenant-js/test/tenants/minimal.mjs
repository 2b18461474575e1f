export default (mcp) => mcp.tool('ping', {}, () => 'pong');
