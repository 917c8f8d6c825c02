import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type LoggedCall, RequestLog } from './request-log.js'

test('the file does not keep what was changed and forgotten, and says the same to the next run', () => {
  const directory = mkdtempSync(join(tmpdir(), 'gw-log-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'requests.jsonl')
  const log = new RequestLog(path)
  const call = (number: number, state: LoggedCall['state']): LoggedCall => ({
    caller: 'user ann',
    requestId: String(number),
    digest: 'd',
    forgottenAtMs: number,
    state,
  })
  for (let number = 1; number <= 1_500; number += 1) {
    log.forgetBefore(number - 10)
    log.write(call(number, 'running'))
    log.write(call(number, 'answered'))
  }
  const lines = readFileSync(path, 'utf8').split('\n').length
  expect(lines).toBeLessThan(1_100)
  const next = new RequestLog(path)
  next.forgetBefore(1_490)
  expect(next.list()).toEqual(log.list().filter(({ forgottenAtMs }) => forgottenAtMs > 1_490))
  expect(next.list()).toHaveLength(10)
})
