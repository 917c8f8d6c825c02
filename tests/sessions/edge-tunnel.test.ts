import { OpenShellClient } from '@openshell-ts/sdk'
import { expect, test } from 'vitest'
import { startSupervisedGateway, WORKSPACE } from './supervised-gateway.js'

test('a client runs commands through a tunnel, which takes more than one window of each way', async () => {
  await using world = await startSupervisedGateway()
  await using client = await OpenShellClient.connect({
    endpoint: world.gateway.endpoint,
    workspace: WORKSPACE,
    auth: { type: 'edge', tunnel: true, token: 'edge.token' },
  })
  const sandbox = await client.sandboxes.get('box')
  const { exitCode, stdout } = await sandbox.commands.run(['cat'], { stdin: 'x'.repeat(900_000) })
  expect([exitCode, stdout.length]).toEqual([0, 900_000])
})
