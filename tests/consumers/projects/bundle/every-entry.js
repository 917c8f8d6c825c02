import { OpenShellClient } from '@openshell-ts/sdk'
import { openRaw } from '@openshell-ts/sdk/raw'
import { parseSandboxTemplate } from '@openshell-ts/sdk/template-file'

async function main() {
  const client = await OpenShellClient.connect({ endpoint: process.argv[2] })
  const raw = await openRaw(client)
  const json = parseSandboxTemplate('{ "image": "a" }', { fileName: 'box.json' })
  const yaml = parseSandboxTemplate('image: b', { fileName: 'box.yaml' })
  console.log(raw.line, json.image, yaml.image)
  await client.close()
}

void main()
