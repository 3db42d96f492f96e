// A number as a person writes it: with separators of thousands, with a point or a comma for decimals.
// autograder/quiz/number.py reads the same in a graded quiz; one table of cases tests both.
export const TWO_READINGS = "That number can be read in more than one way: write it without separators, with a point for decimals.";

const PLAIN = /^(\d{1,15}(\.\d{1,15})?|\.\d{1,15})$/;
const COMMAS = /^[1-9]\d{0,2}(,\d{3}){1,4}(\.\d{1,15})?$/;
const POINTS = /^([1-9]\d{0,2}(\.\d{3}){1,4},\d{1,15}|[1-9]\d{0,2}(\.\d{3}){2,4})$/;
const DECIMAL_COMMA = /^\d{0,15},\d{1,15}$/;
const ANY = /^(?=.*\d)[\d.,]*[.,][\d.,]*$/;

// `1,000` is a thousand, `351,0` and `0,125` have a decimal comma. NaN is no number; null could be two.
export function numberOf(written) {
  const signed = written.trim().replace(/(?<=\d)[ _'\u2019\u00a0\u2009\u202f](?=\d)/g, "").replace("\u2212", "-");
  const sign = signed.startsWith("-") ? -1 : 1;
  const text = signed.replace(/^[-+]|\.$/g, "");
  if (PLAIN.test(text)) return sign * Number(text);
  if (COMMAS.test(text)) return sign * Number(text.replaceAll(",", ""));
  if (POINTS.test(text)) return sign * Number(text.replaceAll(".", "").replace(",", "."));
  if (DECIMAL_COMMA.test(text)) return sign * Number(text.replace(",", "."));
  return ANY.test(text) ? null : Number.NaN;
}
