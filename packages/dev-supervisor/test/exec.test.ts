import { expect, test } from 'vitest'
import { startSandbox } from './sandbox.js'

test('a command gives its output, its error output and its exit code', async () => {
  await using sandbox = await startSandbox()
  const ssh = await sandbox.gateway.openSsh()
  const result = await ssh.run('echo out; echo err >&2; exit 3')
  expect(result.stdout.toString()).toBe('out\n')
  expect(result.stderr.toString()).toBe('err\n')
  expect(result.exitStatus).toBe(3)
  await ssh.end()
})
