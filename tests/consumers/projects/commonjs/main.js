const { createSimulatedDriver, startDevGateway } = require('@openshell-ts/dev-gateway')
const { supervise } = require('@openshell-ts/dev-supervisor')
const { defineDriverConfig } = require('@openshell-ts/driver-kit')
const { OpenShellClient, OpenShellError } = require('@openshell-ts/sdk')
const { openRaw } = require('@openshell-ts/sdk/raw')
const { parseSandboxTemplate } = require('@openshell-ts/sdk/template-file')
const { Type } = require('@sinclair/typebox')
const { mkdtemp } = require('node:fs/promises')

const config = defineDriverConfig('acme', { domain: 'acme.example' })
  .version(1, Type.Object({ size: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }), {
    examples: {
      minimal: { size: 1 },
      full: { size: 2 },
      invalid: [{ value: { size: 0 }, code: 'NUMBER_OUT_OF_RANGE', path: 'driver_config.size' }],
    },
  })
  .build()

const startSandbox = async ({ endpoint, sandboxId, token }) =>
  supervise({
    endpoint,
    sandboxId,
    token: { token },
    mainProcess: { command: ['sleep', 'infinity'], tty: false },
    workdir: await mkdtemp('work-'),
  })

async function main() {
  const gateway = await startDevGateway({ drivers: [createSimulatedDriver({ name: 'acme', config, startSandbox })] })
  const client = await OpenShellClient.connect({ endpoint: gateway.endpoint })
  const refused = await client.sandboxes.create({ driverConfig: { acme: { size: 0 } } }).catch((error) => error)
  const sandbox = await client.sandboxes.create({ driverConfig: { acme: { size: 3 } } })
  const { stdoutText } = await sandbox.commands.run(['echo', 'hello'])
  const imported = await import('@openshell-ts/sdk')
  const { line } = await openRaw(client)
  const { image } = parseSandboxTemplate('image: base', { fileName: 'box.yaml' })
  console.log(refused.kind, stdoutText.trim(), imported.OpenShellError === OpenShellError, line, image)
  await sandbox.delete()
  await client.close()
  await gateway.close()
}

void main()
