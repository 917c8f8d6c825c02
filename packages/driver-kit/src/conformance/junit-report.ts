import type { ConformanceReport, ConformanceResult } from './conformance-report.js'
import { type JunitTest, writeJunitXml } from './junit-xml.js'

/** The report as JUnit XML: one suite for each line and group, one test a case. `unsupported` and `skip` are skipped tests with a message. */
export function toJunitXml({ driver, lines, results }: ConformanceReport): string {
  const groups = new Set(results.map(groupOf))
  const suites = [...groups].map((name) => ({
    name,
    tests: results.filter((result) => groupOf(result) === name).map(toTest),
  }))
  return writeJunitXml(`conformance of ${driver.name} ${driver.version}, line ${lines.join(' and ')}`, suites)
}

function groupOf({ id, line }: ConformanceResult): string {
  return `${line}/${id.split('/')[0] ?? ''}`
}

function toTest(result: ConformanceResult): JunitTest {
  const { id, title, durationMs, outcome, reason = '', expected = '', received = '', section, rule, change } = result
  const [, ...rest] = id.split('/')
  const test = { className: groupOf(result), name: rest.join('/'), durationMs }
  if (outcome === 'pass') return test
  if (outcome !== 'fail') return { ...test, skipped: `${outcome}: ${reason}` }
  const text = `expected: ${expected}\nreceived: ${received}\nrule: ${rule} (${section})\nchange: ${change}`
  return { ...test, failure: { message: title, text } }
}
