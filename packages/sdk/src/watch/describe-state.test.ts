import { expect, test } from 'vitest'
import type { SandboxInfo } from '../model/sandbox-info.js'
import { describeState } from './describe-state.js'

test('conditions that are sentences become parts of one that ends once', () => {
  const conditions = [
    { type: 'Scheduled', status: 'true', reason: '', message: 'A place was found.' },
    { type: 'Ready', status: 'false', reason: 'ImageMissing', message: 'There is no such image.\n' },
  ]
  expect(describeState({ phase: 'error', exitCode: 3, conditions } as unknown as SandboxInfo)).toBe(
    'Last state: error, exit code 3; Scheduled=true: A place was found; Ready=false ImageMissing: There is no such image.',
  )
})
