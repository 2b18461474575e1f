// A node that is stopped lets its calls in flight end, and ends its tenants itself, by the end of their input. The signal that stops it may
// reach this process too: a terminal signals every process of its group, a service manager every process of the service. Node.js ends by
// each of these unless someone listens, and forgets what it inherited as ignored.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
