import type { ConformanceReport, ConformanceResult } from './conformance-report.js'
import type { WireLine } from './wire-line.js'

/** The report as text: every failure in full, what was not judged with its reason, and one line with all four counts. */
export function formatReport({ driver, lines, results, counts, level, interrupted }: ConformanceReport): string {
  const failures = results.filter(({ outcome }) => outcome === 'fail')
  const others = results.filter(({ outcome }) => outcome === 'skip' || outcome === 'unsupported')
  const reached = level === undefined ? '' : `, config level ${level}`
  const { pass, fail, skip, unsupported } = counts
  return [
    `Driver ${printable(driver.name)} ${printable(driver.version)}, gateway ${nameLines(lines)}`,
    ...merge(failures).map(formatFailure),
    ...(others.length === 0 ? [] : [merge(others).map(formatReason).join('\n')]),
    ...(interrupted ? ['The run was ended early; only the cases that ran are counted.'] : []),
    `${pass} pass, ${fail} fail, ${skip} skip, ${unsupported} unsupported${reached}`,
  ].join('\n\n')
}

interface MergedResult {
  readonly result: ConformanceResult
  readonly lines: readonly WireLine[]
}

// What is the same on both lines is said once.
function merge(results: readonly ConformanceResult[]): MergedResult[] {
  const merged = new Map<string, MergedResult>()
  for (const result of results) {
    const { id, outcome, reason, expected, received } = result
    const key = JSON.stringify([id, outcome, reason, expected, received])
    merged.set(key, { result, lines: [...(merged.get(key)?.lines ?? []), result.line] })
  }
  return [...merged.values()]
}

function formatFailure({ result, lines }: MergedResult): string {
  const { id, title, expected = '', received = '', section, rule, change } = result
  return [
    `FAIL ${id} on ${nameLines(lines)}: ${title}`,
    `  expected  ${printable(expected)}`,
    `  received  ${printable(received)}`,
    `  rule      ${rule} (${section})`,
    `  change    ${change}`,
  ].join('\n')
}

function formatReason({ result: { id, outcome, reason = '' }, lines }: MergedResult): string {
  return `${outcome} ${id} on ${nameLines(lines)}: ${reason}`
}

function nameLines(lines: readonly WireLine[]): string {
  return `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(' and ')}`
}

// What a driver sends goes to a terminal, where control characters would act.
function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
