import { mkdtemp } from 'node:fs/promises'
import { createSimulatedDriver, startDevGateway } from '@openshell-ts/dev-gateway'
import { supervise } from '@openshell-ts/dev-supervisor'
import { defineDriver, defineDriverConfig } from '@openshell-ts/driver-kit'
import { OpenShellClient } from '@openshell-ts/sdk'
import { Type } from 'typebox'

const config = defineDriverConfig('acme', { domain: 'acme.example' })
  .version(1, Type.Object({ size: Type.Integer({ minimum: 1 }) }), {
    examples: {
      minimal: { size: 1 },
      full: { size: 2 },
      invalid: [{ value: { size: 0 }, code: 'NUMBER_OUT_OF_RANGE', path: 'driver_config.size' }],
    },
  })
  .build()
const unused = () => Promise.reject(new Error('A definition calls nothing.'))
const definition = { create: unused, start: unused, stop: unused, delete: unused, list: unused }
const { name } = defineDriver({ name: 'acme', version: '1.0.0', config, ...definition })

const startSandbox = async ({ endpoint, sandboxId, token }) =>
  supervise({
    endpoint,
    sandboxId,
    token: { token },
    mainProcess: { command: ['sleep', 'infinity'], tty: false },
    workdir: await mkdtemp('work-'),
  })
const gateway = await startDevGateway({ drivers: [createSimulatedDriver({ name, config, startSandbox })] })
const client = await OpenShellClient.connect({ endpoint: gateway.endpoint })
const refused = await client.sandboxes.create({ driverConfig: { acme: { size: 0 } } }).catch((error) => error)
const sandbox = await client.sandboxes.create({ driverConfig: { acme: { size: 3 } } })
const { stdoutText } = await sandbox.commands.run(['echo', 'hello'])
console.log(name, refused.kind, stdoutText.trim())
await sandbox.delete()
await client.close()
await gateway.close()
