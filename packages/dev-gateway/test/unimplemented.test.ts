import { readFileSync } from 'node:fs'
import type { DescService } from '@bufbuild/protobuf'
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { Inference, OpenShell } from '@openshell-ts/protocol/v0-0'
import { OpenShell as OpenShell01 } from '@openshell-ts/protocol/v0-1'
import { expect, test } from 'vitest'
import { unimplementedRpcs } from '../src/api/unimplemented.js'
import type { WireLine } from '../src/wire/wire-line.js'
import { LaterSetup } from './later-setup.js'
import { Setup } from './test-client.js'

const page = readFileSync(new URL('../../../docs/reference/dev-gateway-unimplemented.md', import.meta.url), 'utf8')

const refusedOn = (line: WireLine) => unimplementedRpcs.filter(({ lines }) => lines.includes(line))

test('the page lists the RPCs that the gateway refuses, with their texts', () => {
  const [, table = ''] = page.split('\n## ')
  const rows = [...table.matchAll(/^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, rpc, lines, text]) => ({
    lines: lines?.split(', '),
    rpc,
    text,
  }))
  expect(rows).toEqual(unimplementedRpcs)
})

test.each([
  ['0.0', OpenShell],
  ['0.1', OpenShell01],
] as const)('only RPCs of line %s stand on the page for it', (line, service) => {
  const names = (service as DescService).methods.map(({ name }) => name)
  expect(refusedOn(line).filter(({ rpc }) => !names.includes(rpc))).toEqual([])
})

/** Calls a method with an empty message and its input ended, as a user and then as a supervisor, and returns the answer. */
async function answerOf(client: Client, path: string, token: string): Promise<Pick<ServiceError, 'code' | 'details'>> {
  const call = (metadata: Metadata) =>
    new Promise<Pick<ServiceError, 'code' | 'details'>>((resolve) => {
      const same = (bytes: Buffer) => bytes
      const stream = client.makeServerStreamRequest(path, same, same, Buffer.alloc(0), metadata)
      stream.on('data', () => stream.cancel())
      stream.on('error', () => undefined)
      stream.on('status', ({ code, details }) => resolve({ code, details }))
    })
  const asUser = await call(new Metadata())
  if (asUser.code !== status.PERMISSION_DENIED) return asUser
  const metadata = new Metadata()
  metadata.set('authorization', `Bearer ${token}`)
  return call(metadata)
}

/** What a gateway refuses, with its texts. */
async function refusedBy(services: readonly DescService[], port: number, token: string) {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
  const refused: Record<string, string> = {}
  for (const service of services) {
    for (const { name } of service.methods) {
      const { code, details } = await answerOf(client, `/${service.typeName}/${name}`, token)
      if (code === status.UNIMPLEMENTED) refused[name] = details
    }
  }
  client.close()
  return refused
}

const onPage = (line: WireLine) => Object.fromEntries(refusedOn(line).map(({ rpc, text }) => [rpc, text]))

test('each RPC of line 0.0 is served, or refused with the text of the page', async () => {
  await using setup = await Setup.start()
  const token = setup.token((await setup.create()).metadata?.id ?? '')
  expect(await refusedBy([OpenShell, Inference], setup.gateway.port, token)).toEqual(onPage('0.0'))
})

test('each RPC of line 0.1 is served, or refused with the text of the page', async () => {
  await using setup = await LaterSetup.start()
  const token = setup.token((await setup.create()).metadata?.id ?? '')
  expect(await refusedBy([OpenShell01], setup.gateway.port, token)).toEqual(onPage('0.1'))
})
