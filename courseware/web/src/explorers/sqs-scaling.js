// A queue and its function: how fast a backlog is worked off, and whether the visibility timeout fits.
import { count, num, percent, span } from "./shell/words.js";

const MINUTES_MAX = 60;

// How many batches run at once after so many seconds of backlog.
export function allowed(at, values, n) {
  const steps = Math.floor(at / 60);
  const ceiling = values.max_concurrency ? Math.max(values.max_concurrency, n("mapping_max_concurrency.min")) : n("poller_batches.max");
  const most = Math.min(n("poller_batches.max"), values.concurrency, ceiling);
  return Math.min(n("poller_batches.min") + steps * n("poller_batches_per_min"), most);
}

function backlog(values, n, receives) {
  const rows = [];
  let [left, drained_s] = [values.backlog, null];
  for (let at = 0; at <= MINUTES_MAX * 60; at += 1) {
    const batches = allowed(at, values, n);
    rows.push({ at, left, batches });
    const can = (batches * values.batch * 1000) / values.batch_ms / receives;
    left = Math.max(0, left + values.arrive_rps - can);
    if (left === 0) {
      drained_s = at + 1;
      rows.push({ at: drained_s, left, batches });
      break;
    }
  }
  return { rows, drained_s };
}

function run(values, n) {
  const fails = values.fail_pct / 100;
  const lost = fails ** values.max_receives;
  const receives = fails === 1 ? values.max_receives : (1 - lost) / (1 - fails);
  const advised_s = n("queue_visibility_advised") * values.timeout_s + values.window_s;
  return {
    ...backlog(values, n, receives),
    receives,
    dead_share: lost,
    given_up_s: values.max_receives * values.visibility_s,
    advised_s,
    verdict: values.visibility_s < values.timeout_s ? "refused" : values.visibility_s < advised_s ? "short" : "fits",
  };
}

function show({ rows, drained_s, dead_share, given_up_s, advised_s, verdict, receives }, values) {
  const visibility = {
    refused: `A visibility timeout below the function’s timeout: the mapping cannot be created.`,
    short: `The visibility timeout is shorter than the ${span(advised_s)} that AWS advises: throttled batches may come back while they are worked on.`,
    fits: `The visibility timeout is at least the ${span(advised_s)} that AWS advises.`,
  }[verdict];
  const end = Math.max(rows.at(-1).at, 5);
  const step = Math.max(1, Math.floor(rows.length / 200));
  const thin = rows.filter((_, at) => at % step === 0);
  const drained = drained_s === null ? `is not worked off within ${span(MINUTES_MAX * 60)}: ${num(rows.at(-1).left)} messages are left` : `is worked off after ${span(drained_s)}`;
  const tick = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600].find((step) => end / step <= 9);
  return {
    sentence: `The backlog of ${count(values.backlog, "message")} ${drained}, with up to ${num(Math.max(...rows.map((row) => row.batches)))} batches at once. Each message is received ${num(receives)} times on average; ${percent(dead_share)} go to the dead-letter queue, ${span(given_up_s)} after their first receive. ${visibility}`,
    chart: {
      label: "Messages waiting and batches at once over time",
      x: { label: "time", min: 0, max: end, at: Array.from({ length: 20 }, (_, number) => number * tick), show: span },
      panels: [
        { label: "Messages waiting", series: [{ kind: "line", tone: 1, points: thin.map((row) => [row.at, row.left]) }] },
        { label: "Batches at once, at most", series: [{ kind: "step", tone: 2, points: thin.map((row) => [row.at, row.batches]) }] },
      ],
      marks: drained_s === null ? [] : [{ x: drained_s, label: `empty after ${span(drained_s)}` }],
    },
    table: {
      caption: "The backlog over time",
      head: ["After", "Messages waiting", "Batches at once"],
      rows: rows.filter((row) => row.at % tick === 0 || row.left === 0).map((row) => [span(row.at), num(row.left), num(row.batches)]),
    },
  };
}

export const explorer = {
  name: "sqs-scaling",
  title: "How fast is a queue worked off?",
  uses: [
    "poller_batches",
    "poller_batches_per_min",
    "account_concurrency",
    "mapping_max_concurrency",
    "queue_batch",
    "batch_window_s",
    "timeout_s",
    "queue_visibility_s",
    "queue_visibility_advised",
  ],
  inputs: (n) => [
    { id: "backlog", label: "Messages waiting", value: 100000, min: 0, max: 5000000, step: 1 },
    { id: "arrive_rps", label: "New messages a second", value: 100, min: 0, max: 20000, step: 1 },
    { id: "batch", label: "Messages in a batch", value: n("queue_batch"), min: 1, max: n("queue_batch.max"), step: 1 },
    { id: "batch_ms", label: "A batch takes", unit: "ms", value: 1000, min: 1, max: n("timeout_s.max") * 1000, step: 1 },
    { id: "max_concurrency", label: "MaximumConcurrency (0: not set)", value: 0, min: 0, max: n("mapping_max_concurrency.max"), step: 1 },
    { id: "concurrency", label: "Concurrency the function may have", value: n("account_concurrency"), min: 1, max: n("poller_batches.max"), step: 1 },
    { id: "timeout_s", label: "Timeout of the function", unit: "s", value: 30, min: n("timeout_s.min"), max: n("timeout_s.max"), step: 1 },
    { id: "window_s", label: "Batching window", unit: "s", value: 0, min: 0, max: n("batch_window_s.max"), step: 1 },
    { id: "visibility_s", label: "Visibility timeout", unit: "s", value: n("queue_visibility_s"), min: 0, max: n("queue_visibility_s.max"), step: 1 },
    { id: "fail_pct", label: "Messages that fail, each time", unit: "%", value: 1, min: 0, max: 100, step: 0.1 },
    { id: "max_receives", label: "maxReceiveCount", value: 5, min: 1, max: 100, step: 1 },
  ],
  run,
  show,
  aws: (n) => [
    [`Lambda begins with ${n("poller_batches.min")} concurrent batches and adds ${n("poller_batches_per_min")} a minute, up to ${num(n("poller_batches.max"))}.`, "S-04"],
    [`MaximumConcurrency is 2 to ${num(n("mapping_max_concurrency.max"))} and reserves nothing.`, "S-05"],
    [`AWS advises a visibility timeout of ${n("queue_visibility_advised")} × function timeout + batch window.`, "S-08"],
    ["A message moves to the dead-letter queue when its receive count exceeds maxReceiveCount.", "S-09"],
    ["With ReportBatchItemFailures only the messages reported as failed come back.", "S-16"],
  ],
  assumed: [
    "All batches are full, take equally long, and the number at once grows in steps of a minute while there is a backlog. AWS reads with fewer pollers while a function fails.",
    "A message fails independently of the time before; the function reports failed messages one by one.",
    "Receives again take capacity at once, not after the visibility timeout.",
  ],
};
