// Memory, CPU and price: one dial, and where it is cheapest, fastest, and cheapest among what is fast enough.
import { num, usd } from "./shell/words.js";

// Every doubling from the smallest setting, every whole vCPU, and the largest.
function settings(n) {
  const [least, most, vcpu] = [n("memory_mb.min"), n("memory_mb.max"), n("mb_per_vcpu")];
  const found = new Set([most]);
  for (let mb = least; mb <= most; mb *= 2) found.add(mb);
  for (let mb = vcpu; mb <= most; mb += vcpu) found.add(mb);
  return [...found].sort((a, b) => a - b);
}

function run(values, n) {
  const step = n("billing_step_ms");
  const price = n(values.architecture === "arm64" ? "price_arm64_gb_s_usd" : "price_x86_gb_s_usd");
  const rows = settings(n).map((memory_mb) => {
    const vcpus = Math.min(memory_mb / n("mb_per_vcpu"), values.parallel);
    const duration_ms = values.compute_ms / vcpus + values.wait_ms;
    const billed_ms = Math.ceil(duration_ms / step - 1e-9) * step;
    const million_usd = 1e6 * (n("price_request_usd") + (memory_mb / 1024) * (billed_ms / 1000) * price);
    return { memory_mb, duration_ms, billed_ms, million_usd, fast_enough: duration_ms <= values.target_ms };
  });
  const cheapest = (among) => among.reduce((best, row) => (best && best.million_usd <= row.million_usd ? best : row), null);
  const fastest = rows.reduce((best, row) => (row.duration_ms < best.duration_ms - 1e-9 ? row : best));
  return { rows, cheapest: cheapest(rows), fastest, choice: cheapest(rows.filter((row) => row.fast_enough)) };
}

function show({ rows, cheapest, fastest, choice }, values, n) {
  const wholes = rows.map(({ memory_mb }) => memory_mb).filter((mb) => mb % n("mb_per_vcpu") === 0 || mb === rows[0].memory_mb);
  const about = ({ memory_mb, duration_ms, million_usd }) => `${num(memory_mb)} MB (${num(duration_ms)} ms, ${usd(million_usd)} a million)`;
  const enough = choice ? `Fast enough for ${num(values.target_ms)} ms, and cheapest of those: ${about(choice)}.` : `No setting answers within ${num(values.target_ms)} ms.`;
  return {
    sentence: `Cheapest: ${about(cheapest)}. Fastest: ${about(fastest)}. ${enough}`,
    chart: {
      label: "Duration and price over memory",
      x: { label: "memory (MB)", min: rows[0].memory_mb, max: rows.at(-1).memory_mb, at: wholes },
      panels: [
        {
          label: "Duration (ms)",
          series: [{ kind: "line", tone: 1, points: rows.map(({ memory_mb, duration_ms }) => [memory_mb, duration_ms]) }],
          lines: [{ y: values.target_ms, label: "fast enough" }],
        },
        { label: "USD a million", series: [{ kind: "line", tone: 2, points: rows.map(({ memory_mb, million_usd }) => [memory_mb, million_usd]) }] },
      ],
      marks: choice ? [{ x: choice.memory_mb, label: `${num(choice.memory_mb)} MB` }] : [],
    },
    table: {
      caption: "Duration and price of each setting",
      head: ["Memory, MB", "Duration, ms", "Billed, ms", "USD a million", "Fast enough"],
      rows: rows.map((row) => [num(row.memory_mb), num(row.duration_ms), num(row.billed_ms), row.million_usd.toFixed(2), row.fast_enough ? "yes" : "no"]),
    },
  };
}

export const explorer = {
  name: "memory-price",
  title: "Which memory setting?",
  uses: ["memory_mb", "mb_per_vcpu", "billing_step_ms", "price_request_usd", "price_x86_gb_s_usd", "price_arm64_gb_s_usd"],
  inputs: () => [
    { id: "compute_ms", label: "Computing, on one vCPU", unit: "ms", value: 1200, min: 1, max: 60000, step: 1 },
    { id: "wait_ms", label: "Waiting, whatever the memory", unit: "ms", value: 150, min: 0, max: 30000, step: 1 },
    { id: "parallel", label: "vCPUs the code can use at once", value: 1, min: 1, max: 6, step: 1 },
    { id: "target_ms", label: "Fast enough is", unit: "ms", value: 2000, min: 1, max: 60000, step: 1 },
    { id: "architecture", label: "Architecture", value: "x86_64", options: [["x86_64", "x86_64"], ["arm64", "arm64"]] },
  ],
  run,
  show,
  aws: (n) => [
    [`CPU comes in proportion to memory: ${num(n("mb_per_vcpu"))} MB is one vCPU.`, "Q-02"],
    [`Memory can be set from ${n("memory_mb.min")} to ${num(n("memory_mb.max"))} MB.`, "Q-01"],
    ["A GB-second has its price on x86.", "P-03"],
    ["A GB-second has a price of its own on arm64.", "P-04"],
    ["Each request costs as well.", "P-01"],
    [`Duration is billed in steps of ${n("billing_step_ms")} ms, rounded up.`, "P-05"],
  ],
  assumed: [
    "Computing gets faster exactly as CPU grows, up to the number of vCPUs the code can use; waiting does not change.",
    "arm64 takes as long as x86_64. Measure yours.",
    "No cold starts, no free tier, and the price of the first tier.",
  ],
};
