import { OpenShellClient } from '@openshell-ts/sdk'

const client = await OpenShellClient.connect({ endpoint: process.argv[2] })
const sandbox = await client.sandboxes.create({ name: 'bundled' })
const refused = await sandbox.commands.run(['true']).catch((error) => error)
console.log(sandbox.info.phase, refused.kind)
await client.close()
