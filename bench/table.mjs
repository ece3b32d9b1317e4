// What was measured, as tables: ratios beside their goals, then the times.
import { javascript, peers } from "./peers/list.mjs";

/** At most this part of the peer's time: PyTorch with as many threads, onnxruntime-node, the best in JavaScript. */
const GOALS = {
  W_forward_1: [0.35, 1.5, 0.3],
  W_forward_8: [0.3, 1.5, 0.3],
  W_train_1: [0.55, null, 0.01],
  W_train_8: [0.6, null, 0.01],
  conv3x3: [0.7, 0.7, 0.18],
  conv3x3_train: [0.75, null, 0.01],
  conv1x1: [1.9, 1.9, 0.6],
  linear: [1.9, 1.9, 0.6],
  matmul_512: [1.9, 1.9, 0.6],
  matmul_1024: [1.9, 1.9, 0.6],
  conv_dilated: [1.9, 1.9, 0.4],
  conv_strided: [1.9, 1.9, 0.4],
  depthwise: [0.8, 0.8, 0.5],
  max_pool: [0.015, 0.3, 0.3],
  average_pool: [0.04, 0.3, 0.3],
  relu: [0.85, 0.2, 1],
  add: [0.85, 0.2, 1],
  softmax: [1, 1.3, 1],
  small_add: [0.25, 0.1, 0.5],
};

export function tables(cases, results) {
  const names = Object.keys(cases).filter((name) => results[name]);
  const wide = names.filter((name) => results[name]["kernelbook wide 1t"]?.best);
  const found = [ratios(names, results), times(names, results)];
  if (wide.length > 0) found.push(wideRatios(wide, results));
  return found.join("\n\n");
}

/** The wide kernels, beside our own others and PyTorch. */
function wideRatios(names, results) {
  const head = ["wide kernels", "1 thread", "2 threads", "others 1t", "2t"];
  head.push("PyTorch 1t", "2t", "AVX2 1t", "2t", "goal");
  const rows = names.map((name) => {
    const at = (peer, n) => results[name][`${peer} ${n}t`]?.best;
    const [one, two] = [1, 2].map((n) => at("kernelbook wide", n));
    const [goal] = GOALS[name] ?? [];
    const against = (peer) => [
      ratio(one, at(peer, 1), peer === "kernelbook" ? null : goal),
      ratio(two, at(peer, 2), peer === "kernelbook" ? null : goal),
    ];
    const ratios_ = ["kernelbook", "PyTorch", "PyTorch AVX2"].flatMap(against);
    return [name, time(one), time(two), ...ratios_, goal ?? "–"];
  });
  return markdown([head, ...rows]);
}

function ratios(names, results) {
  const head = ["case", "ours", "2 threads", "PyTorch 1t", "2t", "goal"];
  head.push("AVX2 1t", "2t", "tuned", "onnxruntime", "goal", "JavaScript", "goal");
  const rows = names.map((name) => {
    const at = (peer) => results[name][peer]?.best;
    const [one, two] = [at("kernelbook 1t"), at("kernelbook 2t")];
    const ours = least(one, two);
    const both = (peer) => least(at(`${peer} 1t`), at(`${peer} 2t`));
    const others = least(...javascript.map(both));
    const [torch, onnx, js] = GOALS[name] ?? [];
    return [
      name,
      time(one),
      one && two ? `${(one / two).toFixed(2)}×` : "–",
      ratio(one, at("PyTorch 1t"), torch),
      ratio(two, at("PyTorch 2t"), torch),
      torch ?? "–",
      ratio(one, at("PyTorch AVX2 1t"), torch),
      ratio(two, at("PyTorch AVX2 2t"), torch),
      ratio(ours, both("PyTorch tuned"), 1),
      ratio(ours, both("onnxruntime"), onnx),
      onnx ?? "–",
      ratio(ours, others, js),
      js ?? "–",
    ];
  });
  return markdown([head, ...rows]);
}

function times(names, results) {
  const asked = peers.filter(({ name }) => names.some((each) => results[each][name]));
  const head = ["ms, best / median", ...asked.map(({ name }) => name), "error"];
  const rows = names.map((name) => {
    const cells = asked.map((peer) => cell(results[name][peer.name]));
    return [name, ...cells, results[name]["kernelbook 1t"]?.error?.toExponential(1) ?? "–"];
  });
  return markdown([head, ...rows]);
}

/** Best and median of one peer, in milliseconds; or why there is none. */
export function cell({ skip = "–", best, median } = {}) {
  if (best === undefined) return skip === "cannot" ? "–" : skip;
  return `${number(best)} / ${number(median)}`;
}

const number = (ms) => (ms >= 1000 ? ms.toFixed(0) : ms.toPrecision(3));

function time(ms) {
  if (ms === undefined) return "–";
  if (ms < 1) return `${(ms * 1000).toPrecision(3)} µs`;
  return ms < 1000 ? `${ms.toPrecision(3)} ms` : `${(ms / 1000).toPrecision(3)} s`;
}

/** Ours through theirs; in bold where the goal is reached. */
function ratio(ours, theirs, goal) {
  if (!ours || !theirs) return "–";
  const value = ours / theirs;
  const text = value >= 100 ? value.toFixed(0) : value.toPrecision(2);
  return goal && value <= goal ? `**${text}**` : text;
}

function least(...values) {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

function markdown([head, ...rows]) {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
