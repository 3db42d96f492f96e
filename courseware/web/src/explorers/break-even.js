// Lambda against machines that run all the time: what a month costs at each load, and where the curves cross.
import { num, usd } from "./shell/words.js";

const HOURS_A_MONTH = (365 * 24) / 12;
const SECONDS_A_MONTH = HOURS_A_MONTH * 3600;
const LOADS = Array.from({ length: 121 }, (_, at) => 10 ** (at / 24 - 2)); // requests a second, in steps of a 24th of a decade
const MACHINES_MAX = 100_000;

export function lambdaMonth(rps, values, n) {
  const requests = rps * SECONDS_A_MONTH;
  const gbS = ((requests * values.duration_ms) / 1000) * (values.memory_mb / 1024);
  const free = values.free_tier === "yes" ? [n("free_requests_per_month"), n("free_gb_s_per_month")] : [0, 0];
  return Math.max(0, requests - free[0]) * n("price_request_usd") + Math.max(0, gbS - free[1]) * n("price_x86_gb_s_usd");
}

// Machines are bought for the peak, and there are never fewer than `least`.
const machines = (rps, carries, values) => Math.max(values.least, Math.ceil((rps * values.peak) / carries - 1e-9));
const taskMonth = (values, n) => HOURS_A_MONTH * (values.vcpu * n("price_fargate_vcpu_h_usd") + values.task_gb * n("price_fargate_gb_h_usd"));
const instanceMonth = (n) => HOURS_A_MONTH * n("price_ec2_t3_medium_h_usd");

// The lowest load at which so many machines carry the peak and Lambda costs as much, or null if Lambda is always cheaper.
export function crossing(monthly, carries, values, n) {
  for (let many = values.least; many <= MACHINES_MAX; many = Math.max(many + 1, Math.ceil(many * 1.01))) {
    const cost = many * monthly + values.effort_usd;
    let [low, high] = [0, (many * carries) / values.peak];
    if (lambdaMonth(high, values, n) < cost) continue;
    for (let turn = 0; turn < 80; turn += 1) {
      const middle = (low + high) / 2;
      if (lambdaMonth(middle, values, n) < cost) low = middle;
      else high = middle;
    }
    return high;
  }
  return null;
}

function run(values, n) {
  const [task, instance] = [taskMonth(values, n), instanceMonth(n)];
  const at = (rps) => ({
    rps,
    lambda: lambdaMonth(rps, values, n),
    fargate: machines(rps, values.task_rps, values) * task + values.effort_usd,
    ec2: machines(rps, values.instance_rps, values) * instance + values.effort_usd,
    tasks: machines(rps, values.task_rps, values),
    instances: machines(rps, values.instance_rps, values),
  });
  return {
    ...at(values.rps),
    curve: LOADS.map(at),
    fargate_from: crossing(task, values.task_rps, values, n),
    ec2_from: crossing(instance, values.instance_rps, values, n),
  };
}

function show(result, values) {
  const { lambda, fargate, ec2, tasks, instances, curve, fargate_from, ec2_from } = result;
  const from = (name, load) => (load === null ? `${name} is never cheaper, however high the load.` : `${name} is cheaper from ${num(load)} requests a second on average.`);
  const near = curve.filter(({ rps }) => rps <= Math.max(values.rps * 10, (fargate_from ?? 1) * 4, (ec2_from ?? 1) * 4, 1));
  const points = (key) => near.map((row) => [row.rps, row[key]]);
  const cheap = Math.max(fargate, ec2, lambda) * 3;
  const low = near.filter((row) => Math.min(row.lambda, row.fargate, row.ec2) <= cheap);
  return {
    sentence: `At ${num(values.rps)} requests a second on average, a month costs ${usd(lambda)} on Lambda, ${usd(fargate)} on ${num(tasks)} Fargate tasks, ${usd(ec2)} on ${num(instances)} EC2 instances. ${from("Fargate", fargate_from)} ${from("EC2", ec2_from)}`,
    chart: {
      label: "Monthly cost of Lambda, Fargate and EC2 over the average load",
      x: { label: "requests a second, on average over the month (logarithmic)", min: LOADS[0], max: near.at(-1).rps, scale: "log" },
      panels: [
        {
          label: "USD a month",
          series: [
            { name: "Lambda", kind: "line", tone: 1, points: points("lambda").filter(([, cost]) => cost <= cheap) },
            { name: "Fargate", kind: "step", tone: 2, points: points("fargate").filter(([, cost]) => cost <= cheap) },
            { name: "EC2 (t3.medium)", kind: "step", tone: 3, points: points("ec2").filter(([, cost]) => cost <= cheap) },
          ],
        },
      ],
      marks: [{ x: values.rps, label: `${num(values.rps)} a second` }],
    },
    table: {
      caption: "USD a month at several loads",
      head: ["Requests a second", "Lambda", "Fargate", "Tasks", "EC2", "Instances"],
      rows: low.filter((_, at) => at % 12 === 0).map((row) => [num(row.rps), num(row.lambda), num(row.fargate), num(row.tasks), num(row.ec2), num(row.instances)]),
    },
  };
}

export const explorer = {
  name: "break-even",
  title: "Where do the bills cross?",
  uses: [
    "memory_mb",
    "price_request_usd",
    "price_x86_gb_s_usd",
    "price_fargate_vcpu_h_usd",
    "price_fargate_gb_h_usd",
    "price_ec2_t3_medium_h_usd",
    "free_requests_per_month",
    "free_gb_s_per_month",
  ],
  inputs: (n) => [
    { id: "rps", label: "Requests a second, average of the month", value: 10, min: 0, max: 1000, step: 0.01 },
    { id: "peak", label: "The peak is so many times the average", value: 3, min: 1, max: 50, step: 0.5 },
    { id: "duration_ms", label: "Duration on Lambda", unit: "ms", value: 50, min: 1, max: 10000, step: 1 },
    { id: "memory_mb", label: "Memory on Lambda", unit: "MB", value: 512, min: n("memory_mb.min"), max: n("memory_mb.max"), step: 1 },
    { id: "vcpu", label: "vCPUs of a Fargate task", value: 0.5, min: 0.25, max: 16, step: 0.25 },
    { id: "task_gb", label: "Memory of a Fargate task", unit: "GB", value: 1, min: 0.5, max: 120, step: 0.5 },
    { id: "task_rps", label: "Requests a second a task carries", value: 40, min: 1, max: 5000, step: 1 },
    { id: "instance_rps", label: "Requests a second an instance carries", value: 120, min: 1, max: 5000, step: 1 },
    { id: "least", label: "Machines at least", value: 2, min: 1, max: 20, step: 1 },
    { id: "effort_usd", label: "Work that the machines make", unit: "USD a month", value: 0, min: 0, max: 20000, step: 10 },
    { id: "free_tier", label: "Lambda’s free tier counts", value: "no", options: [["no", "no"], ["yes", "yes"]] },
  ],
  run,
  show,
  aws: () => [
    ["Lambda bills requests.", "P-01"],
    ["Lambda bills GB-seconds, here on x86.", "P-03"],
    ["Fargate bills vCPU-hours and GB-hours of every task.", "P-46"],
    ["EC2 bills instance hours.", "P-47"],
    ["Lambda's free tier does not end after a year.", "P-06"],
  ],
  assumed: [
    "What a task or an instance carries is yours to measure; Fargate has only some pairs of vCPU and memory, which is not checked here.",
    "Machines are there for the peak all month. Autoscaling by the hour makes them cheaper, in minutes and not at once.",
    "The instance is a t3.medium, which carries full load only for a time.",
    `A month has ${num(HOURS_A_MONTH)} hours, a twelfth of a year. On-demand prices without Savings Plans; no load balancer, API Gateway, logs, disks or traffic.`,
  ],
};
