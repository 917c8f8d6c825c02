import { credentials } from '@grpc/grpc-js'
import { createSimulatedDriver, startDevGateway } from '@openshell-ts/dev-gateway'
import { supervise } from '@openshell-ts/dev-supervisor'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { ConfigurationAdmissionState, OpenShell, type Sandbox, SandboxPhase } from '@openshell-ts/protocol/v0-1'
import { expect, test } from 'vitest'

const workspaceScope = { selection: { case: 'workspace', value: 'default' } } as const

test('supervisor 12: a supervisor accepts the configurations of its sandbox, and is Ready only then', async () => {
  const driver = createSimulatedDriver({
    startSandbox: ({ endpoint, sandboxId, token }) =>
      supervise({
        endpoint,
        sandboxId,
        token: { token },
        mainProcess: { command: ['cat'], tty: true },
        stopGraceMs: 0,
        configPollMs: 20,
      }),
  })
  await using gateway = await startDevGateway({ line: '0.1', drivers: [driver] })
  const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${gateway.port}`, credentials.createInsecure())
  const shows = async (wanted: (sandbox: Sandbox) => boolean) => {
    const watch = client.serverStream('watchSandbox', { sandbox: 'box', workspaceScope, followStatus: true })
    for await (const { payload } of watch) {
      if (payload.case === 'sandbox' && wanted(payload.value)) return payload.value
    }
    throw new Error('The watch ended before the sandbox was as wanted.')
  }
  const policyOf = (host: string) => ({ networkPolicies: { web: { endpoints: [{ host, port: 443 }] } } })
  await client.unary('createSandbox', { name: 'box', workspaceScope, spec: { policy: policyOf('a.test') } })
  const ready = await shows(({ status }) => status?.phase === SandboxPhase.READY)
  const { ACCEPTED } = ConfigurationAdmissionState
  expect(ready.status?.configurationAdmission).toMatchObject({ state: ACCEPTED, policyVersion: 1 })
  await client.unary('updateConfig', { sandbox: 'box', workspaceScope, policy: policyOf('b.test') })
  await shows(({ status }) => status?.configurationAdmission?.policyVersion === 2)
  await shows(({ status }) => status?.currentPolicyVersion === 2)
  client.close()
})
