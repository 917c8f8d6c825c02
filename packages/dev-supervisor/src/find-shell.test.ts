import { pino } from 'pino'
import { expect, test } from 'vitest'
import { findShell } from './find-shell.js'

test('bash where there is one, without a word', () => {
  const lines: string[] = []
  expect(findShell(pino({}, { write: (line) => lines.push(line) }), () => true)).toBe('/bin/bash')
  expect(lines).toEqual([])
})

test('sh where bash is missing, with one line in the log', () => {
  const lines: string[] = []
  expect(findShell(pino({}, { write: (line) => lines.push(line) }), () => false)).toBe('/bin/sh')
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('/bin/bash is missing')
})
