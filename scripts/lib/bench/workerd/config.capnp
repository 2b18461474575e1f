using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [ (name = "adder", worker = .adder) ],
  sockets = [ (name = "http", address = "127.0.0.1:0", http = (), service = "adder") ],
);

const adder :Workerd.Worker = (
  modules = [ (name = "worker", esModule = embed "worker.js") ],
  compatibilityDate = "2026-10-01",
);
