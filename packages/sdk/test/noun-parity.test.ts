import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OpenShellClient, OpenShellError, type ProviderSpec, type WorkloadTemplateSpec } from '../src/index.js'
import { LINES, type LineGateway, startLineGateway, WORKSPACE } from './line-gateway.js'

type Call = (client: OpenShellClient) => Promise<unknown>

const x = (length: number) => 'x'.repeat(length)
const entries = (count: number, value = 'v') =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`K${at}`, value]))

const workspace =
  (name: string): Call =>
  (client) =>
    client.workspaces.create(name)
const labelled =
  (labels: Record<string, string>): Call =>
  (client) =>
    client.workspaces.create('labels', { labels })
const service =
  (name: string, targetPort: number): Call =>
  ({ services }) =>
    services.of('box').expose({ name, targetPort })
const provider =
  (spec: Partial<ProviderSpec>, name = ''): Call =>
  ({ providers }) =>
    providers.create(name, { type: 'generic', credentials: { A: 'b' }, ...spec })
const template =
  (spec: WorkloadTemplateSpec, name = 'base'): Call =>
  ({ templates }) =>
    templates.create(name, spec)
const selection =
  (labelSelector: string): Call =>
  async ({ sandboxes }) =>
    sandboxes.list({ labelSelector }).toArray()
const renewal =
  (credentialName: string, material: Record<string, string>, secret: readonly string[] = []): Call =>
  ({ providers }) =>
    providers.refresh.configure('keys', credentialName, {
      strategy: 'oauth2-client-credentials',
      material,
      secretMaterialNames: secret,
    })

const CALLS: readonly (readonly [string, Call])[] = [
  ['a workspace name of 19 characters', workspace('a234567890123456789')],
  ['a workspace name of 20 characters', workspace('a2345678901234567890')],
  ['an empty workspace name', workspace('')],
  ['an upper-case workspace name', workspace('Abc')],
  ['a workspace name with two hyphens in a row', workspace('a--b')],
  ['a label of a workspace', labelled({ 'example.com/team': 'a_b' })],
  ['a label key with a space', labelled({ 'a b': 'v' })],
  ['a label value of 64 characters', labelled({ team: x(64) })],
  ['a service without a name', service('', 80)],
  ['a service name with two hyphens in a row', service('a--b', 80)],
  ['a service name that ends with a hyphen', service('a-', 80)],
  ['a service name of 28 characters', service(x(28), 80)],
  ['a service name of 29 characters', service(x(29), 80)],
  ['port 0', service('zero', 0)],
  ['port 65535', service('last', 65_535)],
  ['port 65536', service('over', 65_536)],
  ['a provider type of 64 bytes', provider({ type: x(64) })],
  ['a provider type of 65 bytes', provider({ type: x(65) })],
  ['a blank provider type', provider({ type: ' ' })],
  ['a provider name of 253 bytes', provider({}, x(253))],
  ['a provider name of 254 bytes', provider({}, x(254))],
  ['32 credentials', provider({ credentials: entries(32) })],
  ['33 credentials', provider({ credentials: entries(33) })],
  ['64 settings', provider({ config: entries(64) })],
  ['65 settings', provider({ config: entries(65) })],
  ['a credential name of 256 bytes', provider({ credentials: { [x(256)]: 'v' } })],
  ['a credential name of 257 bytes', provider({ credentials: { [x(257)]: 'v' } })],
  ['a credential of 8192 bytes', provider({ credentials: { A: x(8192) } })],
  ['a credential of 8193 bytes', provider({ credentials: { A: x(8193) } })],
  ['a provider with a label key with a space', provider({ labels: { 'a b': 'v' } })],
  ['64 pieces of material', renewal('A', entries(64))],
  ['65 pieces of material', renewal('A', entries(65))],
  ['material of 8193 bytes', renewal('A', { a: x(8193) })],
  ['secret material that is not there', renewal('A', { a: 'b' }, ['c'])],
  ['a selector of two pairs, with an empty value', selection('team=a,tier=')],
  ['a selector with empty pairs and outer spaces', selection(' team=a,, ')],
  ['a selector of nothing', selection(',')],
  ['a selector without a value', selection('team')],
  ['a selector with an empty key', selection('=a')],
  ['a selector with a bad key', selection('a b=c')],
  ['a selector with a bad value', selection('a=b c')],
  [
    'a selector of 64 pairs',
    selection(
      Object.keys(entries(64))
        .map((key) => `${key}=v`)
        .join(),
    ),
  ],
  [
    'a selector of 65 pairs',
    selection(
      Object.keys(entries(65))
        .map((key) => `${key}=v`)
        .join(),
    ),
  ],
  ['a credential that is no variable', renewal('no name', { a: 'b' })],
]

const TEMPLATES: readonly (readonly [string, Call])[] = [
  ['an empty template', template({})],
  ['a template without a name', template({}, '')],
  ['a template name of 253 bytes', template({}, x(253))],
  ['a template name of 254 bytes', template({}, x(254))],
  ['a template with 129 variables', template({ environment: entries(129) })],
  ['a template with a reserved variable', template({ environment: { OPENSHELL_X: 'v' } })],
  ['a template image of 1025 bytes', template({ image: x(1025) })],
  ['a template memory of 1025 bytes', template({ resources: { memory: x(1025) } })],
  ['a template without GPUs', template({ gpu: { count: 0 } })],
  ['a template with a label value of 64 characters', template({ labels: { team: x(64) } })],
]

/** Who refused a call; anything but an invalid argument counts as accepted. */
async function refusalOf(call: Promise<unknown>): Promise<'accepted' | 'by the client' | 'by the gateway'> {
  try {
    await call
    return 'accepted'
  } catch (error) {
    if (!(error instanceof OpenShellError)) throw error
    if (error.kind !== 'invalid-argument') return 'accepted'
    return error.attempts === 0 ? 'by the client' : 'by the gateway'
  }
}

// What the client refuses before it sends anything must be exactly what a gateway refuses.
describe.each(LINES)('the client and a gateway of line %s agree about', (line) => {
  let stack: LineGateway
  let unchecked: OpenShellClient
  beforeAll(async () => {
    stack = await startLineGateway(line)
    const { endpoint } = stack.gateway
    unchecked = await OpenShellClient.connect({ endpoint, workspace: WORKSPACE, clientChecks: 'off' })
    await stack.client.sandboxes.create({ name: 'box' }, { waitReady: false, keep: true })
    await stack.client.providers.create('keys', { type: 'generic', credentials: { A: 'b' } })
  })
  afterAll(async () => {
    await unchecked.close()
    await stack[Symbol.asyncDispose]()
  })

  test.each(line === '0.0' ? CALLS : [...CALLS, ...TEMPLATES])('%s', async (_, call) => {
    const refusal = await refusalOf(call(unchecked))
    expect(['accepted', 'by the gateway']).toContain(refusal)
    expect(await refusalOf(call(stack.client))).toBe(refusal === 'accepted' ? 'accepted' : 'by the client')
  })
})
