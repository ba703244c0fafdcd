// What the JavaScript clients have in common: the command line, the measured phase, the line of JSON.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

function number(values, name) {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} takes a whole number`);
  return value;
}

export function readArguments() {
  const { values } = parseArgs({
    options: {
      url: { type: "string" },
      connections: { type: "string", default: "1" },
      depth: { type: "string", default: "1" },
      requests: { type: "string", default: "10000" },
      "warm-up": { type: "string", default: "0" },
      ca: { type: "string" },
      mode: { type: "string", default: "pipeline" },
      variant: { type: "string", default: "" },
    },
  });
  if (!values.url) throw new Error("--url http(s)://host:port/bytes/COUNT is missing");
  if (!["pipeline", "serial"].includes(values.mode)) throw new Error("--mode: pipeline or serial");
  const url = new URL(values.url);
  const serial = values.mode === "serial";
  return {
    url,
    serial,
    bodyBytes: Number(url.pathname.split("/").pop()),
    connections: serial ? 1 : number(values, "connections"),
    depth: serial ? 1 : number(values, "depth"),
    requests: number(values, "requests"),
    warmUp: number(values, "warm-up"),
    ca: values.ca ? readFileSync(values.ca) : undefined,
    variant: values.variant,
  };
}

// So many requests with `outstanding` of them under way. `send(done)` starts one and calls
// `done(error, status, bodyBytes)` at its end.
function play(options, requests, outstanding, send) {
  return new Promise((resolve, reject) => {
    const waits = [];
    let started = 0;
    let answered = 0;
    const next = () => {
      if (started === requests) return;
      ++started;
      const begun = options.serial ? process.hrtime.bigint() : 0n;
      send((error, status, bodyBytes) => {
        if (error) return reject(error);
        if (status !== 200 || bodyBytes !== options.bodyBytes)
          return reject(new Error(`an answer of status ${status} and ${bodyBytes} bytes`));
        if (options.serial) waits.push(Number(process.hrtime.bigint() - begun) / 1000);
        if (++answered === requests) resolve(waits);
        else next();
      });
    };
    if (requests === 0) resolve(waits);
    for (let i = 0; i < Math.min(outstanding, requests); ++i) next();
  });
}

// Not maxRSS: that begins with what the process was before exec, the runner's copy.
function peakRssKib() {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "ascii"))[1]);
}

// A second of processor time at least: requests cost several times as much until they are compiled.
async function warmUp(options, client) {
  do {
    await play(options, options.warmUp, client.outstanding, client.send);
  } while (process.cpuUsage().user < 1e6);
}

function report(options, description, used, seconds, waits) {
  const result = {
    ...description,
    requests: options.requests,
    failed: 0,
    body_bytes: options.requests * options.bodyBytes, // each answer's were compared
    seconds,
    cpu_user_seconds: used.user / 1e6,
    cpu_system_seconds: used.system / 1e6,
    peak_rss_kib: peakRssKib(),
  };
  if (waits.length > 0) {
    waits.sort((a, b) => a - b);
    result.p50_us = waits[Math.floor(0.5 * (waits.length - 1))];
    result.p99_us = waits[Math.floor(0.99 * (waits.length - 1))];
  }
  console.log(JSON.stringify(result));
}

// `make(options)` gives { description: { client, variant, version }, outstanding, send, close }.
export async function main(make) {
  try {
    const options = readArguments();
    const client = make(options);
    if (options.warmUp > 0) await warmUp(options, client);
    const cpu = process.cpuUsage(); // of the process, all its threads
    const begun = process.hrtime.bigint();
    const waits = await play(options, options.requests, client.outstanding, client.send);
    const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
    report(options, client.description, process.cpuUsage(cpu), seconds, waits);
    client.close();
  } catch (error) {
    console.error(`${process.argv[1]}: ${error.stack}`);
    process.exit(1);
  }
}
