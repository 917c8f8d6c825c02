import { expect, test } from 'vitest'
import { toCommandExit } from './command-exit.js'

test.each([
  [0, 0, 5, { type: 'exited', exitCode: 0 }],
  [126, 0, 5, { type: 'exited', exitCode: 126 }],
  [124, 0, 5, { type: 'exited', exitCode: 124 }],
  [124, 1000, 999, { type: 'exited', exitCode: 124 }],
  [124, 1000, 1000, { type: 'timed-out', exitCode: 124 }],
  [137, 1000, 5, { type: 'signalled', exitCode: 137, signal: 'SIGKILL' }],
  [143, 0, 5, { type: 'signalled', exitCode: 143, signal: 'SIGTERM' }],
  [128, 0, 5, { type: 'exited', exitCode: 128 }],
  [255, 0, 5, { type: 'exited', exitCode: 255 }],
])('code %i with a limit of %i ms after %i ms', (exitCode, limitMs, durationMs, exit) => {
  expect(toCommandExit(exitCode, { limitMs, durationMs })).toEqual(exit)
})
