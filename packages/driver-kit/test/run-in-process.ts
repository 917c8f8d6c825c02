import { vi } from 'vitest'
import { runDriver } from '../src/index.js'

/** What a driver's program prints and ends with, in this process. Restore all mocks and the exit code of the process afterwards. */
export async function runInProcess(
  driver: Parameters<typeof runDriver>[0],
  argv: readonly string[],
  shorten: (text: string) => string = (text) => text,
) {
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      output[name] += shorten(String(text))
      return true
    })
  }
  process.exitCode = 0
  await runDriver(driver, { argv })
  return { code: process.exitCode, ...output }
}
