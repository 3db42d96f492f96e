// Provisioned concurrency: what it costs to keep environments ready, and how many requests spill over all the same.
import { num, percent, usd } from "./shell/words.js";

const HOURS_A_MONTH = (365 * 24) / 12;

// The share of requests that find none of `ready` environments free, if `busy` are in use on average (Erlang's B formula).
export function spill(ready, busy) {
  if (busy <= 0) return 0;
  let share = 1;
  for (let used = 1; used <= ready; used += 1) share = (busy * share) / (used + busy * share);
  return share;
}

function month(values, ready, n) {
  const arm = values.architecture === "arm64" ? "arm64" : "x86";
  const [kept, running, demand] = [`price_provisioned_${arm}_gb_s_usd`, `price_provisioned_run_${arm}_gb_s_usd`, `price_${arm}_gb_s_usd`].map((name) => n(name));
  const gb = values.memory_mb / 1024;
  const busyHours = (HOURS_A_MONTH * values.busy_hours) / 24;
  const parts = [
    { rps: values.busy_rps, hours: busyHours, ready },
    { rps: values.quiet_rps, hours: HOURS_A_MONTH - busyHours, ready: values.kept === "busy" ? 0 : ready },
  ];
  const total = { requests: 0, spilled: 0, kept_gb_s: 0, used_gb_s: 0, demand_usd: 0, usd: 0 };
  for (const part of parts) {
    const seconds = part.hours * 3600;
    const requests = part.rps * seconds;
    const busy = (part.rps * values.duration_ms) / 1000;
    const over = spill(part.ready, busy);
    const gbS = (requests * values.duration_ms * gb) / 1000;
    const keptGbS = part.ready * seconds * gb;
    total.requests += requests;
    total.spilled += requests * over;
    total.kept_gb_s += keptGbS;
    total.used_gb_s += gbS * (1 - over);
    total.demand_usd += requests * n("price_request_usd") + gbS * demand;
    total.usd += requests * n("price_request_usd") + keptGbS * kept + gbS * ((1 - over) * running + over * demand);
  }
  return { ...total, utilisation: total.kept_gb_s ? total.used_gb_s / total.kept_gb_s : 0, break_even: kept / (demand - running) };
}

function run(values, n) {
  const most = Math.max(values.provisioned * 2, Math.ceil((Math.max(values.busy_rps, values.quiet_rps) * values.duration_ms) / 1000) * 2, 10);
  const places = [...new Set(Array.from({ length: 41 }, (_, at) => Math.round((most * at) / 40)))];
  const curve = places.map((ready) => ({ ready, ...month(values, ready, n) }));
  return { ...month(values, values.provisioned, n), curve };
}

function show({ requests, spilled, usd: total, demand_usd, utilisation, break_even, curve }, values) {
  const share = requests ? spilled / requests : 0;
  const more = total - demand_usd;
  const verdict = !values.provisioned
    ? "Nothing is provisioned."
    : `They are in use ${percent(utilisation)} of the time they are kept; from ${percent(break_even)} on they are cheaper than on demand. ${more >= 0 ? `The difference, ${usd(more)}, is the price of latency.` : `They save ${usd(-more)}.`}`;
  const points = (value) => curve.map((row) => [row.ready, value(row)]);
  return {
    sentence: `${num(values.provisioned)} provisioned environments: ${usd(total)} a month, against ${usd(demand_usd)} on demand. ${verdict} ${percent(share)} of the requests spill over to on-demand environments.`,
    chart: {
      label: "Monthly cost and spillover over the number of provisioned environments",
      x: { label: "provisioned environments", min: 0, max: curve.at(-1).ready },
      panels: [
        {
          label: "USD a month",
          series: [
            { name: "with provisioned concurrency", kind: "line", tone: 1, points: points((row) => row.usd) },
            { name: "on demand", kind: "line", tone: 2, points: points((row) => row.demand_usd) },
          ],
        },
        { label: "Requests that spill over (%)", series: [{ kind: "line", tone: 1, points: points((row) => (row.requests ? (100 * row.spilled) / row.requests : 0)) }] },
      ],
      marks: [{ x: values.provisioned, label: `${num(values.provisioned)} provisioned` }],
    },
    table: {
      caption: "Cost and spillover by the number of provisioned environments",
      head: ["Provisioned", "USD a month", "On demand, USD", "In use", "Spill over"],
      rows: curve
        .filter((_, at) => at % 5 === 0)
        .map((row) => [num(row.ready), num(row.usd), num(row.demand_usd), row.ready ? percent(row.utilisation) : "–", percent(row.requests ? row.spilled / row.requests : 0)]),
    },
  };
}

export const explorer = {
  name: "provisioned",
  title: "What does it cost to keep environments ready?",
  uses: [
    "memory_mb",
    "account_concurrency",
    "price_request_usd",
    "price_x86_gb_s_usd",
    "price_arm64_gb_s_usd",
    "price_provisioned_x86_gb_s_usd",
    "price_provisioned_run_x86_gb_s_usd",
    "price_provisioned_arm64_gb_s_usd",
    "price_provisioned_run_arm64_gb_s_usd",
  ],
  inputs: (n) => [
    { id: "provisioned", label: "Provisioned environments", value: 12, min: 0, max: n("account_concurrency"), step: 1 },
    { id: "kept", label: "They are kept", value: "busy", options: [["busy", "in the busy hours (scheduled)"], ["always", "all day"]] },
    { id: "busy_hours", label: "Busy hours a day", value: 8, min: 0, max: 24, step: 0.5 },
    { id: "busy_rps", label: "Requests a second, busy", value: 40, min: 0, max: 2000, step: 1 },
    { id: "quiet_rps", label: "Requests a second, otherwise", value: 2, min: 0, max: 2000, step: 1 },
    { id: "duration_ms", label: "Duration", unit: "ms", value: 200, min: 1, max: 10000, step: 1 },
    { id: "memory_mb", label: "Memory", unit: "MB", value: 1024, min: n("memory_mb.min"), max: n("memory_mb.max"), step: 1 },
    { id: "architecture", label: "Architecture", value: "x86_64", options: [["x86_64", "x86_64"], ["arm64", "arm64"]] },
  ],
  run,
  show,
  aws: () => [
    ["GB-seconds kept and GB-seconds running have a price each on x86.", "P-07"],
    ["They have other prices on arm64.", "P-08"],
    ["What spills over is billed like any on-demand invocation.", "P-03"],
    ["The free tier does not cover provisioned concurrency.", "P-06"],
    ["Requests beyond it spill over to on-demand environments.", "E-16"],
  ],
  assumed: [
    "Requests come at random (Poisson) around a constant rate in each part of the day; then Erlang's B formula says how many spill over.",
    `A month has ${num(HOURS_A_MONTH)} hours, a twelfth of a year. No free tier, no Savings Plan, the price of the first tier.`,
    "A request that spills over may meet a warm environment; at most that many are cold starts.",
  ],
};
