import { afterEach, expect, test, vi } from 'vitest'
import { conformanceUsage, runConformanceCommand } from './conformance-command.js'

afterEach(() => {
  vi.restoreAllMocks()
})

/** What the command prints and ends with. */
async function run(...args: readonly string[]) {
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      output[name] += String(text)
      return true
    })
  }
  const code = await runConformanceCommand(args)
  return { code, ...output }
}

test.each([
  [['conformance', '/tmp/x.sock', '--index', '/tmp/no-such-index.json'], 3, '/tmp/no-such-index.json cannot be read'],
  [['conformance', '/tmp/x.sock', '--filter', 'nothing'], 3, 'No case matches "nothing"'],
  [['conformance'], 2, "Write the path of the driver's socket"],
  [['conformance', '/tmp/x.sock', '--line', '1.0'], 2, '--line must be 0.0 or 0.1'],
  [['conformance', '/tmp/x.sock', '--lime', '0.1'], 2, 'did you mean --line?'],
  [['conformance', '/tmp/x.sock', '--timeout-ms', '1s'], 2, '--timeout-ms must be a whole number'],
  [['conformanse'], 2, 'did you mean "conformance"?'],
  [[], 2, 'Write a command'],
])('%j ends with %i and says why', async (args, code, text) => {
  const result = await run(...args)
  expect(result).toMatchObject({ code, stdout: '' })
  expect(result.stderr).toContain(text)
  expect(result.stderr.trim().split('\n')).toHaveLength(1)
})

test('the help has every flag and examples', async () => {
  expect(await run('conformance', '--help')).toEqual({ code: 0, stdout: conformanceUsage, stderr: '' })
  expect(conformanceUsage).toContain('--junit FILE')
  expect(conformanceUsage).toContain('openshell-driver conformance /run/acme/compute.sock --line 0.1')
})
