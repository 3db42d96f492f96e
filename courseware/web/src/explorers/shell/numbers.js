// The figures of sandbox/facts.toml as a model reads them: n("memory_mb.max"), or n("billing_step_ms") for the value itself.
export function reader(limits) {
  return (path) => {
    const [name, part = "value"] = path.split(".");
    const number = limits[name]?.[part];
    if (typeof number !== "number") throw new Error(`no number ${path}: list ${name} in "uses", and look into sandbox/facts.toml`);
    return number;
  };
}

// Values as the model may be given them: numbers within their bounds, one of the options, and what is missing by default.
export function admitted(inputs, values) {
  const found = {};
  for (const { id, value, min, max, options } of inputs) {
    const given = values[id];
    if (options) {
      found[id] = options.some(([key]) => key === given) ? given : value;
    } else {
      const number = given === "" || given === null || given === undefined ? Number.NaN : Number(given);
      found[id] = Number.isFinite(number) ? Math.min(max, Math.max(min, number)) : value;
    }
  }
  return found;
}
