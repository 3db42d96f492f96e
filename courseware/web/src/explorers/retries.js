// One event, and something behind the function that is broken for a while: who tries again when, and how it ends.
import { num, span } from "./shell/words.js";

const DOUBLINGS_MAX = 30;
const backoff = (attempt, most = Number.POSITIVE_INFINITY) => Math.min(most, 2 ** Math.min(attempt - 1, DOUBLINGS_MAX));
// Not published by AWS; the course's own account takes the same.
const ASSUMED = { stream_most_s: 60, target_most_s: 480, target_jitter: 0.75, throttle_most_s: 300 };

// Attempts until one succeeds or `next` gives up. `next(attempts, at)` is when the next one comes, or { gives up: when }.
function course(outage_s, next) {
  const attempts = [0];
  for (;;) {
    const at = attempts.at(-1);
    if (at >= outage_s) return { attempts, fate: "done", ends_s: at };
    const then = next(attempts.length, at);
    if (then.over !== undefined) return { attempts, fate: then.fate, ends_s: then.over };
    attempts.push(then.at);
  }
}

function run(values, n) {
  const outage = values.outage_min * 60;
  const age = values.age_min * 60;
  const waits = [n("async_retry_wait_1_s"), n("async_retry_wait_2_s")];
  const aging = (at, wait, most) => (at + wait >= most ? { over: Math.max(at, most), fate: "age" } : { at: at + wait });
  const lanes = {
    sync: course(outage, () => ({ over: 0, fate: "caller" })),
    async_error: course(outage, (tries, at) => (tries > values.async_retries ? { over: at, fate: "kept" } : aging(at, waits[tries - 1], age))),
    async_throttle: course(outage, (tries, at) => aging(at, backoff(tries, ASSUMED.throttle_most_s), age)),
    sqs: course(outage, (tries, at) => {
      const again = at + values.visibility_s;
      if (tries >= values.max_receives) return { over: again, fate: "kept" };
      return again >= n("queue_retention_s") ? { over: n("queue_retention_s"), fate: "expired" } : { at: again };
    }),
    stream: course(outage, (tries, at) => {
      const again = at + backoff(tries, ASSUMED.stream_most_s);
      return again >= n("stream_retention_s") ? { over: n("stream_retention_s"), fate: "expired" } : { at: again };
    }),
    target: course(outage, (tries, at) => {
      const again = at + backoff(tries, ASSUMED.target_most_s) * ASSUMED.target_jitter;
      if (tries > values.target_retries) return { over: at, fate: "kept" };
      return again > n("target_event_age_s") ? { over: at, fate: "kept" } : { at: again };
    }),
  };
  return { lanes, outage_s: outage };
}

const NAMES = {
  sync: "Synchronous invocation",
  async_error: "Asynchronous, function fails",
  async_throttle: "Asynchronous, throttled",
  sqs: "SQS, function fails",
  stream: "Kinesis or DynamoDB stream, function fails",
  target: "EventBridge rule, target throttled or down",
};
const FATES = {
  done: (lane) => `succeeds at ${span(lane.ends_s)}`,
  caller: () => "the caller has the error, at once",
  kept: (lane) => `gives up at ${span(lane.ends_s)}; to the dead-letter queue, if there is one`,
  age: (lane) => `too old at ${span(lane.ends_s)}; to the dead-letter queue, if there is one`,
  expired: (lane) => `expires at ${span(lane.ends_s)}, and is lost`,
};

function show({ lanes, outage_s }) {
  const all = Object.entries(lanes);
  const end = Math.max(outage_s, ...all.map(([, lane]) => lane.ends_s), 60);
  const named = (keep) => all.filter(([, lane]) => keep(lane.fate)).map(([key]) => NAMES[key]);
  const list = (names) => (names.length > 1 ? `${names.slice(0, -1).join("; ")}; and ${names.at(-1)}` : (names[0] ?? "none"));
  const tries = (lane) => `${num(lane.attempts.length)} ${lane.attempts.length === 1 ? "attempt" : "attempts"}`;
  return {
    sentence: `After ${span(outage_s)} all works again. What outlived it: ${list(named((fate) => fate === "done"))}. What did not: ${list(named((fate) => fate !== "done"))}.`,
    chart: {
      label: "Attempts over time, one row a source, and how each ends",
      x: {
        label: "time since the event (logarithmic)",
        min: 0,
        max: end * 1.02,
        scale: "log1",
        at: [0, 1, 10, 60, 600, 3600, 21600, 86400, 345600],
        show: (value) => (value ? span(value === 60 ? 60 : value) : "0"),
      },
      bands: outage_s ? [{ from: 0, to: outage_s, label: "broken" }] : [],
      panels: [
        {
          label: "Attempts; the shaded time is broken; a ring succeeds, a cross gives up",
          lanes: all.map(([key, lane]) => ({
            name: NAMES[key],
            points: lane.attempts,
            end: lane.ends_s,
            note: `${tries(lane)}, ${FATES[lane.fate](lane)}`,
            tone: lane.fate === "done" ? 1 : 3,
          })),
        },
      ],
    },
    table: {
      caption: "Attempts of each source",
      head: ["Source", "Attempts", "The first ones at", "How it ends"],
      rows: all.map(([key, lane]) => [
        NAMES[key],
        num(lane.attempts.length),
        lane.attempts.slice(0, 6).map(span).join(", ") + (lane.attempts.length > 6 ? ", …" : ""),
        FATES[lane.fate](lane),
      ]),
    },
  };
}

export const explorer = {
  name: "retries",
  title: "Who tries again, and when?",
  uses: [
    "async_event_age_s",
    "async_retries",
    "async_retry_wait_1_s",
    "async_retry_wait_2_s",
    "queue_retention_s",
    "queue_visibility_s",
    "stream_retention_s",
    "target_event_age_s",
    "target_retries",
  ],
  inputs: (n) => [
    { id: "outage_min", label: "It is broken for", unit: "minutes", value: 10, min: 0, max: 6000, step: 0.1 },
    { id: "async_retries", label: "Asynchronous: MaximumRetryAttempts", value: n("async_retries"), min: n("async_retries.min"), max: n("async_retries.max"), step: 1 },
    {
      id: "age_min",
      label: "Asynchronous: MaximumEventAge",
      unit: "minutes",
      value: n("async_event_age_s") / 60,
      min: n("async_event_age_s.min") / 60,
      max: n("async_event_age_s.max") / 60,
      step: 1,
    },
    { id: "visibility_s", label: "SQS: visibility timeout", unit: "s", value: 180, min: 1, max: n("queue_visibility_s.max"), step: 1 },
    { id: "max_receives", label: "SQS: maxReceiveCount", value: 5, min: 1, max: 100, step: 1 },
    { id: "target_retries", label: "EventBridge: retries", value: n("target_retries"), min: n("target_retries.min"), max: n("target_retries.max"), step: 1 },
  ],
  run,
  show,
  aws: (n) => [
    [`A failed asynchronous event is tried ${n("async_retries")} times more, after 1 min, then 2 min.`, "I-01"],
    ["A throttled one returns to the queue for up to 6 h, the delay growing from 1 s to 5 min.", "I-02"],
    ["A message of SQS is seen again when its visibility timeout ends.", "X-06"],
    ["It moves to the dead-letter queue when it was received too often.", "S-09"],
    ["A stream tries until the record expires, by default, and its shard waits.", "S-12"],
    [`A rule of EventBridge tries ${n("target_retries")} times more within 24 h.`, "I-12"],
    ["An error of a synchronous call is the caller's.", "I-13"],
  ],
  assumed: [
    "Attempts take no time, and the first one comes at once. The stream's retention is the default.",
    `The delays of streams are not published: here ${span(backoff(1))}, doubling to ${span(ASSUMED.stream_most_s)}. Those of EventBridge are not either: ${span(backoff(1))}, doubling to ${span(ASSUMED.target_most_s)}, of which jitter leaves three quarters. That throttled events double exactly is an assumption, too.`,
    "A rule is done when its target has taken the event; what a function then makes of it is in the asynchronous rows. A missing permission is not tried again.",
    "Nothing arrives twice. It may, on AWS.",
  ],
};
