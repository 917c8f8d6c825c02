import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { expect, test } from 'vitest'
import { execResult, failure, Setup } from './test-client.js'

test('a sandbox is created, becomes Ready with its supervisor, runs a command, and is deleted', async () => {
  await using setup = await Setup.start()
  const sandbox = await setup.create({ spec: { template: { driverConfig: { acme: { size: 1 }, docker: {} } } } })
  const id = sandbox.metadata?.id ?? ''
  expect(sandbox.status?.phase).toBe(SandboxPhase.PROVISIONING)

  await using supervisor = await setup.supervise(sandbox)
  supervisor.onCommand = (line, channel) => {
    channel.write(`ran ${line}\n`)
    channel.stderr.write('careful\n')
    channel.exit(7)
    channel.end()
  }
  expect((await setup.reaches(id, SandboxPhase.READY)).status?.conditions).toMatchObject([
    { type: 'Ready', status: 'True', reason: 'DependenciesReady', message: 'Supervisor session connected' },
  ])

  const result = await execResult(
    setup.client.serverStream('execSandbox', { sandboxId: id, command: ['echo', 'a b'], environment: { K: 'v' } }),
  )
  expect(result).toEqual({ stdout: "ran K=v echo 'a b'\n", stderr: 'careful\n', exitCode: 7 })

  expect(await setup.client.unary('deleteSandbox', { name: 'box' })).toMatchObject({ deleted: true })
  setup.driver.emit({ case: 'deleted', value: { sandboxId: id } })
  await setup.removed(id)
  expect((await failure(setup.get())).details).toBe('sandbox not found')
})
