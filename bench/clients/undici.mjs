// undici: a Pool of C connections with `pipelining: D`. Four variants:
//
//     dispatch | request                    the callback interface | promises and body streams
//     ..., blocking: false                  without this every GET waits for the one before it

import { createRequire } from "node:module";
import { main } from "./measuring.mjs";

// bench/prepare puts packages below build/, out of the way of Node's own search.
const load = createRequire(new URL("../../build/bench/", import.meta.url));
const { Pool } = load("undici");
const { version } = load("undici/package.json");

const variants = {
  dispatch: { send: byDispatch },
  "dispatch, blocking: false": { send: byDispatch, blocking: false },
  request: { send: byRequest },
  "request, blocking: false": { send: byRequest, blocking: false },
};

function byDispatch(pool, asked) {
  return (done) => {
    let status = 0;
    let bodyBytes = 0;
    pool.dispatch(asked, {
      onRequestStart() {},
      onResponseStart(controller, statusCode) {
        status = statusCode;
      },
      onResponseData(controller, chunk) {
        bodyBytes += chunk.length;
      },
      onResponseEnd() {
        done(undefined, status, bodyBytes);
      },
      onResponseError(controller, error) {
        done(error);
      },
    });
  };
}

function byRequest(pool, asked) {
  return (done) => {
    pool
      .request(asked)
      .then(async ({ statusCode, body }) => done(undefined, statusCode, (await body.arrayBuffer()).byteLength))
      .catch(done);
  };
}

main((options) => {
  const name = options.variant || "dispatch, blocking: false";
  const variant = variants[name];
  if (!variant) throw new Error(`--variant is one of: ${Object.keys(variants).join("; ")}`);
  const pool = new Pool(options.url.origin, {
    connections: options.connections,
    pipelining: options.depth,
    connect: { ca: options.ca },
  });
  const asked = { path: options.url.pathname, method: "GET" };
  if (variant.blocking === false) asked.blocking = false;
  return {
    description: { client: "undici", variant: name, version: `${version}, Node ${process.versions.node}` },
    outstanding: options.connections * options.depth,
    send: variant.send(pool, asked),
    close: () => pool.destroy(),
  };
});
