import { afterEach, expect, test, vi } from 'vitest'
import { runConformanceCommand } from './conformance-command.js'
import { conformanceUsage } from './conformance-command-line.js'

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
  [['conformance', '/tmp/x.sock', '--index', '/tmp/no-such-index.json'], '/tmp/no-such-index.json cannot be read'],
  [['conformance', '/tmp/x.sock', '--vectors', '/tmp/no-such-file.json'], '/tmp/no-such-file.json cannot be read'],
  [['conformance', '/tmp/x.sock', '--group', 'nothing'], 'No case matches "nothing"; write GROUP/CASE, or one of'],
  [['conformance', '/tmp/x.sock', '--case', 'watch/live,watch/dead'], 'No case matches "watch/dead"'],
  [['conformance'], "Write the path of the driver's socket"],
  [['conformance', '/tmp/x.sock', '--line', '1.0'], '--line must be 0.0, 0.1 or both'],
  [['conformance', '/tmp/x.sock', '--lime', '0.1'], 'did you mean --line?'],
  [['conformance', '/tmp/x.sock', '--timeout-ms', '1s'], '--timeout-ms must be a whole number from 1'],
  [['conformance', '/tmp/x.sock', '--concurrency', '0'], '--concurrency must be a whole number from 1'],
  [['conformance', '/tmp/x.sock', '--driver-command', 'a', '--restart-command', 'b'], 'Write --driver-command or'],
  [['conformance', '--driver-command', 'echo broken >&2; exit 7'], 'ended with code 7. It printed: broken'],
  [['conformanse'], 'did you mean "conformance"?'],
  [[], 'Write a command'],
])('%j ends with 2 and says why', async (args, text) => {
  const result = await run(...args)
  expect(result).toMatchObject({ code: 2, stdout: '' })
  expect(result.stderr).toContain(text)
  expect(result.stderr.trim().split('\n')).toHaveLength(1)
})

test('the list has the cases of the chosen line, and needs no driver', async () => {
  const { code, stdout } = await run('conformance', '--list', '--group', 'handshake', '--line', '0.0')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^handshake\/capabilities +the driver tells its name and version\n/)
  expect(stdout).not.toContain('handshake/acknowledgement')
})

test('the help has every flag and examples', async () => {
  expect(await run('conformance', '--help')).toEqual({ code: 0, stdout: conformanceUsage, stderr: '' })
  expect(conformanceUsage).toContain('--junit FILE')
  expect(conformanceUsage).toContain('openshell-driver conformance /run/acme/compute.sock --line 0.1')
})
