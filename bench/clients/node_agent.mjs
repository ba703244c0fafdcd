// Node's own client: http.get with an agent that keeps C connections. It can't pipeline.

import http from "node:http";
import https from "node:https";
import { main } from "./measuring.mjs";

main((options) => {
  const protocol = options.url.protocol === "https:" ? https : http;
  const agent = new protocol.Agent({
    keepAlive: true,
    maxSockets: options.connections,
    ca: options.ca,
  });
  const asked = {
    agent,
    host: options.url.hostname,
    port: options.url.port,
    path: options.url.pathname,
  };
  return {
    description: { client: "Node's agent", variant: "http.get, keepAlive", version: process.versions.node },
    outstanding: options.connections,
    send: (done) => {
      const request = protocol.get(asked, (response) => {
        let bodyBytes = 0;
        response.on("data", (chunk) => (bodyBytes += chunk.length));
        response.on("end", () => done(undefined, response.statusCode, bodyBytes));
        response.on("error", done);
      });
      request.on("error", done);
    },
    close: () => agent.destroy(),
  };
});
