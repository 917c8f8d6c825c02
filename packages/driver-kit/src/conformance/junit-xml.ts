/** One test of a JUnit report. Without `failure` and `skipped` it passed. */
export interface JunitTest {
  readonly className: string
  readonly name: string
  /** @default 0 */
  readonly durationMs?: number
  readonly failure?: { readonly message: string; readonly text: string }
  /** Why it did not count. */
  readonly skipped?: string
}

/** Tests that belong together. */
export interface JunitSuite {
  readonly name: string
  readonly tests: readonly JunitTest[]
}

/** Suites as JUnit XML. */
export function writeJunitXml(name: string, suites: readonly JunitSuite[]): string {
  const tests = suites.flatMap((suite) => suite.tests)
  const { failures, skipped } = countTests(tests)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeXml(name)}" tests="${tests.length}" failures="${failures}" skipped="${skipped}">`,
    ...suites.map(writeSuite),
    '</testsuites>',
    '',
  ].join('\n')
}

function countTests(tests: readonly JunitTest[]) {
  return {
    failures: tests.filter(({ failure }) => failure !== undefined).length,
    skipped: tests.filter(({ skipped }) => skipped !== undefined).length,
  }
}

function writeSuite({ name, tests }: JunitSuite): string {
  const { failures, skipped } = countTests(tests)
  const counts = `tests="${tests.length}" failures="${failures}" errors="0" skipped="${skipped}"`
  return [`  <testsuite name="${escapeXml(name)}" ${counts}>`, ...tests.map(writeTest), '  </testsuite>'].join('\n')
}

function writeTest({ className, name, durationMs = 0, failure, skipped }: JunitTest): string {
  const seconds = (durationMs / 1_000).toFixed(3)
  const opening = `    <testcase classname="${escapeXml(className)}" name="${escapeXml(name)}" time="${seconds}"`
  if (failure !== undefined) {
    const inside = `<failure message="${escapeXml(failure.message)}">${escapeXml(failure.text)}</failure>`
    return `${opening}>${inside}</testcase>`
  }
  return skipped === undefined ? `${opening}/>` : `${opening}><skipped message="${escapeXml(skipped)}"/></testcase>`
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
