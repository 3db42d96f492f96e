// A quiet minute with a jump in it: how many environments that takes, how many callers wait for one, how many are refused.
import { count, num, percent } from "./shell/words.js";

const SECONDS = 60;
const QUIET_S = 20;
const TICK_S = 0.001;

const rate = ({ quiet_rps, busy_rps, ramp_s }, at) =>
  at < QUIET_S ? quiet_rps : at >= QUIET_S + ramp_s ? busy_rps : quiet_rps + ((busy_rps - quiet_rps) * (at - QUIET_S)) / ramp_s;

// Numbers in [0, 1) that are the same each time (mulberry32).
function draws(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

// The milliseconds at which requests come.
function arrivals(values) {
  const draw = draws(1);
  const gap = values.arrivals === "random" ? () => -Math.log(1 - draw()) : () => 1;
  const found = [];
  let [gathered, wanted] = [0, gap()];
  for (let tick = 0; tick < SECONDS / TICK_S; tick += 1) {
    gathered += rate(values, tick * TICK_S) * TICK_S;
    while (gathered >= wanted - 1e-9) {
      found.push(tick);
      gathered -= wanted;
      wanted = gap();
    }
  }
  return found;
}

function run(values, n) {
  const seconds = Array.from({ length: SECONDS }, () => ({ requests: 0, cold: 0, throttled: 0, in_progress: 0, environments: 0 }));
  const [warmMs, coldMs] = [values.duration_ms, values.duration_ms + values.init_ms];
  const ends = { warm: [], cold: [], warmAt: 0, coldAt: 0 }; // each in order of time, for all of a kind take equally long
  const refill = n("scale_environments_per_10s") / 10_000;
  let [idle, running, environments] = [Math.min(values.provisioned, values.limit), 0, Math.min(values.provisioned, values.limit)];
  let [tokens, tokensAt, second, accepted] = [n("scale_environments_per_10s"), 0, 0, 0];
  for (const now of arrivals(values)) {
    for (const kind of ["warm", "cold"]) {
      while (ends[kind][ends[`${kind}At`]] <= now) {
        ends[`${kind}At`] += 1;
        running -= 1;
        idle += 1;
      }
    }
    const row = seconds[Math.floor(now / 1000)];
    if (Math.floor(now / 1000) !== second) [second, accepted] = [Math.floor(now / 1000), 0];
    tokens = Math.min(n("scale_environments_per_10s"), tokens + (now - tokensAt) * refill);
    tokensAt = now;
    row.requests += 1;
    const room = accepted < values.limit * n("requests_per_s_per_environment");
    if (room && idle > 0) {
      idle -= 1;
      ends.warm.push(now + warmMs);
    } else if (room && environments < values.limit && tokens >= 1) {
      environments += 1;
      tokens -= 1;
      row.cold += 1;
      ends.cold.push(now + coldMs);
    } else {
      row.throttled += 1;
      continue;
    }
    accepted += 1;
    running += 1;
    row.in_progress = Math.max(row.in_progress, running);
    row.environments = environments;
  }
  seconds.forEach((row, at) => {
    row.environments ||= at ? seconds[at - 1].environments : Math.min(values.provisioned, values.limit);
  });
  const sum = (key) => seconds.reduce((total, row) => total + row[key], 0);
  const [requests, cold, throttled] = [sum("requests"), sum("cold"), sum("throttled")];
  const served = requests - throttled;
  const most = Math.max(...seconds.map((row) => row.in_progress));
  return { seconds, requests, cold, throttled, cold_share: served ? cold / served : 0, environments, most, p99_ms: cold > served / 100 ? coldMs : warmMs };
}

function show({ seconds, requests, cold, throttled, cold_share, environments, most, p99_ms }, values) {
  const refused = throttled ? `${num(throttled)} were throttled.` : "None was throttled.";
  const points = (key) => seconds.map((row, at) => [at, row[key]]);
  const tens = Array.from({ length: SECONDS / 10 }, (_, ten) => seconds.slice(ten * 10, ten * 10 + 10));
  const sum = (rows, key) => num(rows.reduce((total, row) => total + row[key], 0));
  return {
    sentence: `Of ${count(requests, "request")} in a minute, ${num(cold)} (${percent(cold_share)} of those served) waited for a cold start. ${refused} At most ${num(most)} were in progress at once, in ${count(environments, "environment")}. 99 of 100 were answered within ${num(p99_ms)} ms.`,
    chart: {
      label: "Environments, requests in progress, cold starts and throttles over one minute",
      x: { label: "seconds", min: 0, max: SECONDS },
      panels: [
        {
          label: "At the same time",
          series: [
            { name: "environments", kind: "step", tone: 2, points: points("environments") },
            { name: "requests in progress (most in each second)", kind: "step", tone: 1, points: points("in_progress") },
          ],
        },
        {
          label: "In each second",
          series: [
            { name: "cold starts", kind: "bars", tone: 1, points: points("cold") },
            { name: "throttled", kind: "step", tone: 3, points: points("throttled") },
          ],
        },
      ],
      marks: [{ x: QUIET_S, label: `${num(values.busy_rps)} a second${values.ramp_s ? ` ${num(values.ramp_s)} s later` : ""}` }],
    },
    table: {
      caption: "The minute in steps of ten seconds",
      head: ["From second", "Requests", "Cold starts", "Throttled", "Most in progress", "Environments"],
      rows: tens.map((rows, ten) => [
        String(ten * 10),
        sum(rows, "requests"),
        sum(rows, "cold"),
        sum(rows, "throttled"),
        num(Math.max(...rows.map((row) => row.in_progress))),
        num(rows.at(-1).environments),
      ]),
    },
  };
}

export const explorer = {
  name: "cold-starts",
  title: "A jump in load",
  uses: ["account_concurrency", "scale_environments_per_10s", "requests_per_s_per_environment", "init_timeout_s"],
  inputs: (n) => [
    { id: "quiet_rps", label: "Requests a second, first", value: 5, min: 0, max: 1000, step: 1 },
    { id: "busy_rps", label: "Requests a second, then", value: 50, min: 0, max: 5000, step: 1 },
    { id: "ramp_s", label: "From one to the other in", unit: "s", value: 0, min: 0, max: 30, step: 1 },
    { id: "duration_ms", label: "Duration of the handler", unit: "ms", value: 200, min: 1, max: 10000, step: 1 },
    { id: "init_ms", label: "A cold start adds", unit: "ms", value: 600, min: 0, max: n("init_timeout_s") * 1000, step: 10 },
    { id: "provisioned", label: "Provisioned concurrency", value: 0, min: 0, max: 1000, step: 1 },
    { id: "limit", label: "Concurrency limit", value: n("account_concurrency"), min: 1, max: 10 * n("account_concurrency"), step: 1 },
    { id: "arrivals", label: "Requests come", value: "random", options: [["random", "at random"], ["even", "evenly spaced"]] },
  ],
  run,
  show,
  aws: (n) => [
    ["An environment serves one invocation at a time.", "E-08"],
    [`An account begins with ${num(n("account_concurrency"))} at once in a Region, a new one often with fewer.`, "Q-16"],
    [`A function may add ${num(n("scale_environments_per_10s"))} environments per 10 s, refilled continuously.`, "Q-17"],
    [`Each unit of concurrency takes ${n("requests_per_s_per_environment")} requests a second at most.`, "Q-18"],
    ["What comes on top of provisioned concurrency spills over to on-demand environments.", "E-16"],
  ],
  assumed: [
    "Every cold start takes as long as you say, every invocation too.",
    "No environment is given up within the minute, and none is there at its beginning but the provisioned ones.",
    "Requests a second are counted by whole seconds. A throttled request is not sent again. Requests at random are drawn from a fixed seed, so that the same inputs give the same minute.",
  ],
};
