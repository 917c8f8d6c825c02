import type { Comparison, Timing, Verdict } from './comparison.js'

/** A comparison as text: a line for each timing, then one for each verdict. */
export function formatComparison({ title, timings, verdicts }: Comparison): string {
  const width = Math.max(0, ...timings.map((timing) => timing.name.length))
  return [title, ...timings.map((timing) => formatTiming(timing, width)), ...verdicts.map(formatVerdict)].join('\n')
}

function formatTiming({ name, minMs, medianMs, p99Ms, samples }: Timing, width: number): string {
  const figures = `min ${formatMs(minMs)}  median ${formatMs(medianMs)}  p99 ${formatMs(p99Ms)}`
  return `  ${name.padEnd(width)}  ${figures}  (${samples} samples)`
}

function formatVerdict({ claim, value, unit, target, met }: Verdict): string {
  const figure = unit === 'ms' ? formatMs(value).trim() : `${value.toFixed(unit === 'changes' ? 0 : 2)} ${unit}`
  return `  → ${claim}: ${figure}, target ${target}: ${met ? 'met' : 'MISSED'}`
}

function formatMs(milliseconds: number): string {
  const text = milliseconds < 1 ? `${(milliseconds * 1_000).toFixed(2)} µs` : `${milliseconds.toFixed(2)} ms`
  return text.padStart(10)
}
