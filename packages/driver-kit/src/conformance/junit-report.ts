import type { ConformanceReport, ConformanceResult } from './conformance-report.js'

/** The report as JUnit XML: one suite for each line and group, one test a case. `unsupported` and `skip` are skipped tests with a message. */
export function toJunitXml({ driver, lines, results, counts }: ConformanceReport): string {
  const groups = new Set(results.map(groupOf))
  const suites = [...groups].map((group) =>
    suite(
      group,
      results.filter((result) => groupOf(result) === group),
    ),
  )
  const name = escapeXml(`conformance of ${driver.name} ${driver.version}, line ${lines.join(' and ')}`)
  const skipped = counts.skip + counts.unsupported
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${name}" tests="${results.length}" failures="${counts.fail}" skipped="${skipped}">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}

function groupOf({ id, line }: ConformanceResult): string {
  return `${line}/${id.split('/')[0] ?? ''}`
}

function suite(group: string, results: readonly ConformanceResult[]): string {
  const failures = results.filter(({ outcome }) => outcome === 'fail').length
  const skipped = results.filter(({ outcome }) => outcome === 'skip' || outcome === 'unsupported').length
  const counts = `tests="${results.length}" failures="${failures}" errors="0" skipped="${skipped}"`
  return [`  <testsuite name="${escapeXml(group)}" ${counts}>`, ...results.map(testCase), '  </testsuite>'].join('\n')
}

function testCase(result: ConformanceResult) {
  const { id, title, durationMs, outcome, reason = '', expected = '', received = '', section, rule, change } = result
  const [, ...rest] = id.split('/')
  const seconds = (durationMs / 1_000).toFixed(3)
  const opening = `    <testcase classname="${escapeXml(groupOf(result))}" name="${escapeXml(rest.join('/'))}" time="${seconds}"`
  if (outcome === 'pass') return `${opening}/>`
  const inside =
    outcome === 'fail'
      ? `<failure message="${escapeXml(title)}">${escapeXml(
          `expected: ${expected}\nreceived: ${received}\nrule: ${rule} (${section})\nchange: ${change}`,
        )}</failure>`
      : `<skipped message="${escapeXml(`${outcome}: ${reason}`)}"/>`
  return `${opening}>${inside}</testcase>`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

/** Characters that XML cannot hold at all are replaced; the rest is written so that any reader gets the same text. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"'\t\n\r]/g, (character) => entities[character] ?? character)
}
