import { expect, test } from 'vitest'
import { toReport } from './conformance-report.js'
import { formatReport } from './format-report.js'
import { toJunitXml } from './junit-report.js'

const report = toReport({ name: 'acme', version: '1.0.0' }, '0.1', [
  { id: 'watch/live', title: 'live', rule: 'rule', outcome: 'pass', durationMs: 1_500, level: 'L0' },
  {
    id: 'watch/names',
    title: 'names & "quotes"',
    rule: 'names are echoed',
    outcome: 'fail',
    durationMs: 2,
    level: 'L1',
    expected: '<web>',
    received: 'two\nlines, \u0000 and \u001b[31m',
  },
  { id: 'restart/lost', title: 'lost', rule: 'rule', outcome: 'skip', durationMs: 0, reason: 'needs "restart"' },
  { id: 'marker/removed', title: 'removed', rule: 'rule', outcome: 'unsupported', durationMs: 0, reason: 'none' },
])

test('the JUnit report has a suite a group, and nothing in it breaks the XML', () => {
  expect(toJunitXml(report)).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="conformance of acme 1.0.0, line 0.1" tests="4" failures="1" skipped="2">
      <testsuite name="watch" tests="2" failures="1" errors="0" skipped="0">
        <testcase classname="watch" name="live" time="1.500"/>
        <testcase classname="watch" name="names" time="0.002"><failure message="names &amp; &quot;quotes&quot;">expected: &lt;web&gt;&#10;received: two&#10;lines, � and �[31m&#10;rule: names are echoed</failure></testcase>
      </testsuite>
      <testsuite name="restart" tests="1" failures="0" errors="0" skipped="1">
        <testcase classname="restart" name="lost" time="0.000"><skipped message="skip: needs &quot;restart&quot;"/></testcase>
      </testsuite>
      <testsuite name="marker" tests="1" failures="0" errors="0" skipped="1">
        <testcase classname="marker" name="removed" time="0.000"><skipped message="unsupported: none"/></testcase>
      </testsuite>
    </testsuites>
    "
  `)
})

test('the text has each failure with its rule, reasons, and one line with all four counts', () => {
  expect(formatReport(report)).toMatchInlineSnapshot(`
    "Driver acme 1.0.0, gateway line 0.1

    FAIL watch/names: names & "quotes"
      expected  <web>
      received  two\\u000alines, \\u0000 and \\u001b[31m
      rule      names are echoed

    skip restart/lost: needs "restart"
    unsupported marker/removed: none

    1 pass, 1 fail, 1 skip, 1 unsupported, config level L0"
  `)
})

test('a level is reached when its cases and those below pass', () => {
  expect(report.level).toBe('L0')
  expect(toReport(report.driver, '0.0', []).level).toBeUndefined()
})
