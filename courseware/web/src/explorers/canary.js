// A faulty version goes out step by step: how many callers meet it before an alarm takes it back.
import { count, num, percent } from "./shell/words.js";

const STEP = 10;
const spread = (kind, minutes, words) => [`${kind}-${minutes}`, `${STEP} % ${words}`, kind, minutes];
const PACES = [
  ...[5, 10, 15, 30].map((minutes) => spread("canary", minutes, `for ${minutes} min, then all`)),
  ...[1, 2, 3, 10].map((minutes) => spread("linear", minutes, minutes === 1 ? "more every minute" : `more every ${minutes} min`)),
  ["all", "all at once", "all", 0],
];

// The share of traffic on the new version in each minute of the deployment; after the last one it has everything and is done.
export function shares(pace) {
  const [, , kind, minutes] = PACES.find(([key]) => key === pace);
  if (kind === "all") return [];
  const steps = kind === "canary" ? [STEP] : Array.from({ length: 100 / STEP - 1 }, (_, at) => STEP * (at + 1));
  return steps.flatMap((step) => Array.from({ length: minutes }, () => step / 100));
}

// P(N > threshold) where N has a Poisson distribution.
export function above(threshold, mean) {
  if (mean <= 0) return 0;
  let [term, sum] = [Math.exp(-mean), Math.exp(-mean)];
  if (term === 0) return mean > threshold ? 1 : 0; // so many errors that the rest is beyond doubt
  for (let k = 1; k <= threshold; k += 1) {
    term *= mean / k;
    sum += term;
  }
  return Math.max(0, 1 - sum);
}

// Goes through the minutes: states are breaching minutes in a row, the last one is the alarm.
function watch(values, newShare) {
  const perMinute = values.rps * 60;
  const [rateNew, rateOld] = [newShare / 100, values.old_pct / 100];
  let states = Array.from({ length: values.datapoints }, (_, at) => (at ? 0 : 1));
  const alarmed = [];
  const rows = shares(values.pace).map((share, at) => {
    const caught = at > values.delay_min ? alarmed[at - 1 - values.delay_min] : 0;
    const errors = perMinute * (share * rateNew + (values.watches === "both" ? (1 - share) * rateOld : 0));
    const breach = above(values.threshold, errors);
    const next = states.map((_, row) => (row ? states[row - 1] * breach : states.reduce((sum, part) => sum + part, 0) * (1 - breach)));
    alarmed.push((alarmed.at(-1) ?? 0) + states.at(-1) * breach);
    states = next;
    return { minute: at, share, errors, breach, rolled_back: caught, exposed: (1 - caught) * perMinute * share };
  });
  const last = rows.length - 1 - values.delay_min;
  return { rows, caught: last >= 0 ? alarmed[last] : 0, exposed: rows.reduce((sum, row) => sum + row.exposed, 0) };
}

function run(values) {
  const real = watch(values, values.new_pct);
  const [excess, perHour] = [Math.max(0, values.new_pct - values.old_pct) / 100, values.rps * 3600];
  return {
    ...real,
    failed: real.exposed * excess,
    false_alarm: watch(values, values.old_pct).caught,
    minutes: real.rows.length,
    failed_per_hour_after: perHour * excess,
  };
}

function show({ rows, caught, exposed, failed, false_alarm, minutes, failed_per_hour_after }, values) {
  const [, words] = PACES.find(([key]) => key === values.pace);
  const drawn = rows.length ? rows : [{ minute: 0, share: 1, errors: (values.rps * 60 * values.new_pct) / 100, rolled_back: 0, breach: 0 }];
  const points = (value) => drawn.map((row) => [row.minute, value(row)]).concat([[drawn.at(-1).minute + 1, value(drawn.at(-1))]]);
  const step = Math.max(1, Math.ceil(rows.length / 10));
  const verdict = minutes
    ? `The alarm takes the version back during the deployment with a probability of ${percent(caught)}; ${count(Math.round(exposed), "request")} meet it on average, ${num(failed)} of them fail that would not have. A version as good as the old one is taken back with ${percent(false_alarm)}.`
    : "Nothing is watched, for the deployment is over at once.";
  return {
    sentence: `${words[0].toUpperCase()}${words.slice(1)}: ${verdict} If nobody stops it, ${num(failed_per_hour_after)} requests more fail in every hour after.`,
    chart: {
      label: "Share of the new version, expected errors and probability of having been rolled back, by minute",
      x: { label: "minutes since the first traffic", min: 0, max: drawn.length },
      panels: [
        {
          label: "Percent",
          series: [
            { name: "traffic on the new version", kind: "step", tone: 2, points: points((row) => row.share * 100) },
            { name: "probability that it is taken back by now", kind: "step", tone: 1, points: points((row) => row.rolled_back * 100) },
          ],
        },
        {
          label: "Errors a minute, expected",
          series: [{ kind: "step", tone: 1, points: points((row) => row.errors) }],
          lines: [{ y: values.threshold, label: "alarm above" }],
        },
      ],
    },
    table: {
      caption: "The deployment by minute",
      head: ["Minute", "New version", "Errors expected", "Minute breaches", "Taken back by now"],
      rows: rows.filter((_, at) => at % step === 0).map((row) => [String(row.minute), percent(row.share), num(row.errors), percent(row.breach), percent(row.rolled_back)]),
    },
  };
}

export const explorer = {
  name: "canary",
  title: "Who notices first, the alarm or your users?",
  uses: [],
  inputs: () => [
    { id: "pace", label: "Traffic moves", value: "canary-10", options: PACES.map(([key, words]) => [key, words]) },
    { id: "rps", label: "Requests a second", value: 20, min: 0, max: 5000, step: 0.1 },
    { id: "new_pct", label: "Requests that fail on the new version", unit: "%", value: 5, min: 0, max: 100, step: 0.01 },
    { id: "old_pct", label: "Requests that fail on the old one", unit: "%", value: 0.1, min: 0, max: 100, step: 0.01 },
    { id: "watches", label: "The alarm watches", value: "both", options: [["both", "the alias: both versions"], ["new", "the new version alone"]] },
    { id: "threshold", label: "Alarm: errors a minute above", value: 4, min: 0, max: 1000, step: 1 },
    { id: "datapoints", label: "Alarm: minutes in a row", value: 2, min: 1, max: 10, step: 1 },
    { id: "delay_min", label: "Minutes until it is known and undone", value: 1, min: 0, max: 10, step: 1 },
  ],
  run,
  show,
  aws: () => [
    ["An alias sends each request to one of two versions, by weight and at random.", "A-13"],
    ["CodeDeploy moves 10 percent and waits 5/10/15/30 minutes, or 10 percent every 1, 2, 3 or 10 minutes, or all at once.", "A-14"],
    ["Errors are counted as a sum over each period, and throttled requests are none.", "O-02"],
  ],
  assumed: [
    "Errors come independently of each other (Poisson), so that a minute's errors scatter around their mean.",
    "The alarm has a period of one minute and rings after so many minutes in a row above its threshold.",
    "CodeDeploy watches until all traffic has moved, and not after. How long metrics take to arrive is yours to enter.",
  ],
};
