export default (mcp) => {
  mcp.tool('ping', {}, () => 'pong');
  setInterval(() => {}, 1000);
  process.on('exit', () => {
    for (;;);
  });
};
