import type { ConformanceReport, ConformanceResult } from './conformance-report.js'

/** The report as text: every failure in full, what was not judged with its reason, and one line with all four counts. */
export function formatReport({ driver, line, results, counts, level }: ConformanceReport): string {
  const failures = results.filter(({ outcome }) => outcome === 'fail').map(formatFailure)
  const others = results.filter(({ outcome }) => outcome === 'skip' || outcome === 'unsupported').map(formatReason)
  const reached = level === undefined ? '' : `, config level ${level}`
  const { pass, fail, skip, unsupported } = counts
  return [
    `Driver ${printable(driver.name)} ${printable(driver.version)}, gateway line ${line}`,
    ...failures,
    ...(others.length === 0 ? [] : [others.join('\n')]),
    `${pass} pass, ${fail} fail, ${skip} skip, ${unsupported} unsupported${reached}`,
  ].join('\n\n')
}

function formatFailure({ id, title, expected = '', received = '', rule }: ConformanceResult): string {
  return [
    `FAIL ${id}: ${title}`,
    `  expected  ${printable(expected)}`,
    `  received  ${printable(received)}`,
    `  rule      ${rule}`,
  ].join('\n')
}

function formatReason({ id, outcome, reason = '' }: ConformanceResult): string {
  return `${outcome} ${id}: ${reason}`
}

// What a driver sends goes to a terminal, where control characters would act.
function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
