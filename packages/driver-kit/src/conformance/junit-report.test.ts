import { expect, test } from 'vitest'
import { type ConformanceResult, toReport } from './conformance-report.js'
import { formatReport } from './format-report.js'
import { toJunitXml } from './junit-report.js'

const driver = { name: 'acme', version: '1.0.0' }

function result(id: string, more: Partial<ConformanceResult>): ConformanceResult {
  const prose = { title: 'title', section: 'contract 1', rule: 'a rule', change: 'Change it.' }
  return { id, ...prose, outcome: 'pass', line: '0.1', durationMs: 2, ...more }
}

const report = toReport({
  driver,
  lines: ['0.0', '0.1'],
  interrupted: false,
  results: [
    result('restart/lost', { line: '0.0', outcome: 'skip', reason: 'needs "restart"' }),
    result('watch/live', { durationMs: 1_500, level: 'L0' }),
    result('watch/names', {
      title: 'names & "quotes"',
      outcome: 'fail',
      level: 'L1',
      expected: '<web>',
      received: 'two\nlines, \u0000 and \u001b[31m',
    }),
    result('restart/lost', { outcome: 'skip', reason: 'needs "restart"' }),
    result('marker/removed', { outcome: 'unsupported', reason: 'none' }),
  ],
})

test('the JUnit report has a suite for each line and group, and nothing in it breaks the XML', () => {
  expect(toJunitXml(report)).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="conformance of acme 1.0.0, line 0.0 and 0.1" tests="5" failures="1" skipped="3">
      <testsuite name="0.0/restart" tests="1" failures="0" errors="0" skipped="1">
        <testcase classname="0.0/restart" name="lost" time="0.002"><skipped message="skip: needs &quot;restart&quot;"/></testcase>
      </testsuite>
      <testsuite name="0.1/watch" tests="2" failures="1" errors="0" skipped="0">
        <testcase classname="0.1/watch" name="live" time="1.500"/>
        <testcase classname="0.1/watch" name="names" time="0.002"><failure message="names &amp; &quot;quotes&quot;">expected: &lt;web&gt;&#10;received: two&#10;lines, � and �[31m&#10;rule: a rule (contract 1)&#10;change: Change it.</failure></testcase>
      </testsuite>
      <testsuite name="0.1/restart" tests="1" failures="0" errors="0" skipped="1">
        <testcase classname="0.1/restart" name="lost" time="0.002"><skipped message="skip: needs &quot;restart&quot;"/></testcase>
      </testsuite>
      <testsuite name="0.1/marker" tests="1" failures="0" errors="0" skipped="1">
        <testcase classname="0.1/marker" name="removed" time="0.002"><skipped message="unsupported: none"/></testcase>
      </testsuite>
    </testsuites>
    "
  `)
})

test('the text says what failed with its rule and what to change, and what both lines share once', () => {
  expect(formatReport(report)).toMatchInlineSnapshot(`
    "Driver acme 1.0.0, gateway lines 0.0 and 0.1

    FAIL watch/names on line 0.1: names & "quotes"
      expected  <web>
      received  two\\u000alines, \\u0000 and \\u001b[31m
      rule      a rule (contract 1)
      change    Change it.

    skip restart/lost on lines 0.0 and 0.1: needs "restart"
    unsupported marker/removed on line 0.1: none

    1 pass, 1 fail, 2 skip, 1 unsupported, config level L0"
  `)
})

test('an interrupted run says so', () => {
  const text = formatReport({ ...report, interrupted: true })
  expect(text).toContain('The run was ended early; only the cases that ran are counted.')
})

test('a level is reached when its cases and those below pass', () => {
  expect(report.level).toBe('L0')
  expect(toReport({ ...report, results: [] }).level).toBeUndefined()
})
