// Numbers as a sentence has them.
const grouped = (whole) => String(whole).replace(/\B(?=(\d{3})+$)/g, ",");

// Three significant digits below a thousand, whole numbers with separators above.
export function num(value) {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 999.5) return (value < 0 ? "−" : "") + grouped(Math.round(Math.abs(value)));
  return String(Number(value.toPrecision(3)));
}

export const usd = (value) => `${Math.abs(value) >= 999.5 ? num(value) : value.toFixed(value !== 0 && Math.abs(value) < 1 ? 3 : 2)} USD`;

export const percent = (share) => (share > 0 && share < 1e-5 ? "less than 0.001\u00a0%" : `${num(share * 100)}\u00a0%`);

// 0.5 s, 90 s, 3 min, 2 h 5 min, 4 d.
export function span(seconds) {
  if (seconds < 120) return `${num(seconds)} s`;
  const minutes = seconds / 60;
  if (minutes < 120) return `${num(minutes)} min`;
  const whole = Math.round(minutes);
  const [hours, rest] = [Math.floor(whole / 60), whole % 60];
  if (hours >= 48 && hours % 24 === 0 && !rest) return `${hours / 24} d`;
  return rest ? `${hours} h ${rest} min` : `${hours} h`;
}

export const count = (value, one, many = `${one}s`) => `${num(value)} ${value === 1 ? one : many}`;
