import { randomUUID } from 'node:crypto'
import type { MessageInitShape } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import { DeletionOutcome, type SandboxWorkloadTemplateSchema } from '@openshell-ts/protocol/v0-1'
import { describe, expect, test } from 'vitest'
import { LaterSetup, scope } from './later-setup.js'
import { temporaryDirectory } from './temporary-directory.js'
import { failure } from './test-client.js'

type TemplateInit = MessageInitShape<typeof SandboxWorkloadTemplateSchema>

const everywhere = { selection: { case: 'allWorkspaces', value: {} } } as const
const inWorkspace = (value: string) => ({ selection: { case: 'workspace', value } }) as const
const allowed = {
  admission: { allowDriverConfig: true },
  capabilities: { resourceAdmissionPolicy: 'v1:{"allow_driver_config":true}' },
}

const workload = {
  image: 'tpl:1',
  environment: { FROM: 'template', BOTH: 'template' },
  resources: { cpu: '500m', memory: '256Mi', gpu: {} },
}
const full = (name: string, spec: object = { workload }) => ({ metadata: { name, labels: { tier: 'a' } }, spec })

async function add(setup: LaterSetup, template: object, workspaceScope: object = scope) {
  const request = { workspaceScope, template } as { workspaceScope: typeof scope; template: TemplateInit }
  const { template: made } = await setup.client.unary('createSandboxTemplate', request)
  return made
}

describe('gateway-client 21: templates', () => {
  test("a template's workload may be empty, and is shown as it is stored", async () => {
    await using setup = await LaterSetup.start()
    const annotations = { note: 'a b' }
    const desiredServiceLevel = { startup: { readyWithin: { seconds: 5n }, maxBurst: 3 } }
    const spec = { workload, desiredServiceLevel }
    const made = await add(setup, { metadata: { name: 'full', labels: { tier: 'a' }, annotations }, spec })
    expect(made).toMatchObject({
      metadata: { name: 'full', workspace: 'default', labels: { tier: 'a' }, annotations, resourceVersion: 1n },
      spec,
    })
    expect(made?.metadata?.createdTime).toBeDefined()
    expect((await add(setup, { metadata: { name: 'bare' }, spec: { workload: {} } }))?.spec?.workload).toBeDefined()
    const get = (name: string) => setup.client.unary('getSandboxTemplate', { workspaceScope: scope, name })
    expect((await get('full')).template).toEqual(made)
  })

  test('ALREADY_EXISTS, NOT_FOUND, and a delete that is COMPLETED or finds it ALREADY_ABSENT', async () => {
    await using setup = await LaterSetup.start()
    const { client } = setup
    await add(setup, full('one'))
    expect((await failure(add(setup, full('one')))).code).toBe(status.ALREADY_EXISTS)
    const get = (name: string) => failure(client.unary('getSandboxTemplate', { workspaceScope: scope, name }))
    expect([(await get('two')).code, (await get('')).code]).toEqual([status.NOT_FOUND, status.INVALID_ARGUMENT])
    const remove = (allowMissing = false) =>
      client.unary('deleteSandboxTemplate', { workspaceScope: scope, name: 'one', allowMissing })
    expect((await remove()).outcome).toBe(DeletionOutcome.COMPLETED)
    expect((await failure(remove())).code).toBe(status.NOT_FOUND)
    expect((await remove(true)).outcome).toBe(DeletionOutcome.ALREADY_ABSENT)
  })

  test.each<[string, template: object | undefined, text: string]>([
    ['no template', undefined, 'template is required'],
    ['no name', { spec: { workload: {} } }, 'template.metadata.name is required'],
    ['no workload', { metadata: { name: 'bad' }, spec: {} }, 'template.spec.workload is required'],
    ['no spec', { metadata: { name: 'bad' } }, 'template.spec.workload is required'],
    ['a bad label', { metadata: { name: 'bad', labels: { '': 'x' } } }, 'label key cannot be empty'],
    [
      'a reserved variable',
      full('bad', { workload: { environment: { OPENSHELL_X: '1' } } }),
      "template.spec.workload.environment keys starting with OPENSHELL_ are reserved; got 'OPENSHELL_X'",
    ],
    ['no GPUs', full('bad', { workload: { resources: { gpu: { count: 0 } } } }), 'gpu count must be greater than 0'],
    [
      'a large envelope',
      full('bad', { workload: {}, driverConfig: { other: { pad: 'x'.repeat(65_536) } } }),
      'template.driver_config serialized size exceeds maximum (65572 > 65536)',
    ],
  ])('%s is refused', async (_name, template, details) => {
    await using setup = await LaterSetup.start()
    const refused = await failure(add(setup, template as object))
    expect(refused).toMatchObject({ code: status.INVALID_ARGUMENT, details })
  })

  test('a request id lets a create have one effect', async () => {
    await using setup = await LaterSetup.start()
    const request = { workspaceScope: scope, template: full('one'), requestId: randomUUID() }
    const first = await setup.client.unary('createSandboxTemplate', request)
    expect(await setup.client.unary('createSandboxTemplate', request)).toEqual(first)
  })
})

describe('gateway-client 3 and 10: lists of templates', () => {
  test('come in pages, of one workspace or of all, and by labels', async () => {
    await using setup = await LaterSetup.start()
    const { client } = setup
    await client.unary('createWorkspace', { name: 'team' })
    for (const name of ['one', 'two']) await add(setup, full(name))
    await add(setup, { ...full('plain'), metadata: { name: 'plain' } })
    await add(setup, full('one'), inWorkspace('team'))
    const list = async (workspaceScope: object, pageToken = '', labelSelector = '') => {
      const request = { workspaceScope, pageSize: 2, pageToken, labelSelector } as { workspaceScope: typeof scope }
      const { templates, nextPageToken } = await client.unary('listSandboxTemplates', request)
      return { names: templates.map(({ metadata }) => `${metadata?.workspace}/${metadata?.name}`), nextPageToken }
    }
    const first = await list(scope)
    expect(first.names).toEqual(['default/one', 'default/two'])
    expect(await list(scope, first.nextPageToken)).toEqual({ names: ['default/plain'], nextPageToken: '' })
    const labelled = await list(everywhere, '', 'tier=a')
    const rest = await list(everywhere, labelled.nextPageToken, 'tier=a')
    expect([...labelled.names, ...rest.names]).toEqual(['default/one', 'default/two', 'team/one'])
    expect((await failure(client.unary('deleteWorkspace', { name: 'team' }))).details).toBe(
      "workspace 'team' still contains resources: sandbox template",
    )
  })
})

describe('gateway-client 20: workload_template', () => {
  test('a sandbox is made of a template, and what the request says wins entry by entry', async () => {
    await using setup = await LaterSetup.start()
    await add(setup, full('tpl'))
    const made = await setup.create({ name: 'plain', workloadTemplate: 'tpl' })
    expect(made.createdFromWorkloadTemplate).toMatchObject({ name: 'tpl', resourceVersion: '1' })
    expect((await setup.get('plain')).createdFromWorkloadTemplate).toEqual(made.createdFromWorkloadTemplate)
    const template = {
      image: 'own:1',
      environment: { BOTH: 'own', OWN: '1' },
      resources: { limits: { cpu: '2', 'x/y': 1 }, requests: { cpu: '1' } },
    }
    const spec = { template, resourceRequirements: { gpu: { count: 2 } } }
    await setup.create({ name: 'mixed', workloadTemplate: 'tpl', spec })
    const [plain, mixed] = setup.driver.callsOf('createSandbox').map(({ request }) => request.sandbox?.spec)
    expect(plain).toMatchObject({
      template: {
        image: 'tpl:1',
        environment: workload.environment,
        resources: { cpuLimit: '500m', memoryLimit: '256Mi', cpuRequest: '' },
      },
      resourceRequirements: { gpu: {} },
    })
    expect(mixed).toMatchObject({
      template: {
        image: 'own:1',
        environment: { FROM: 'template', BOTH: 'own', OWN: '1' },
        resources: { cpuLimit: '2', memoryLimit: '256Mi', cpuRequest: '1' },
        platformConfig: { resources_raw: { limits: { 'x/y': 1 } } },
      },
      resourceRequirements: { gpu: { count: 2 } },
    })
  })

  test("the template's driver_config reaches the driver, and excludes one of the request", async () => {
    await using setup = await LaterSetup.start(allowed)
    const driverConfig = { acme: { size: 1, nothing: null }, other: 2 }
    await add(setup, full('tpl', { workload: {}, driverConfig }))
    const template = { image: 'own:1', driverConfig: {} }
    const sandbox = await setup.create({ workloadTemplate: 'tpl', spec: { template } })
    expect(sandbox.spec?.template).toMatchObject({ image: 'own:1', driverConfig })
    const [call] = setup.driver.callsOf('createSandbox')
    expect(call?.request.sandbox?.spec?.template?.driverConfig).toEqual(driverConfig.acme)
    const both = { name: 'both', workloadTemplate: 'tpl', spec: { template: { driverConfig: { other: {} } } } }
    expect(await failure(setup.create(both))).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'workload_template and spec.template.driver_config are mutually exclusive',
    })
  })

  test("a block of a template passes the operator's gate as one of a request does", async () => {
    await using setup = await LaterSetup.start()
    await add(setup, full('tpl', { workload: {}, driverConfig: { acme: { size: 1 } } }))
    expect((await failure(setup.create({ workloadTemplate: 'tpl' }))).details).toMatch(
      /^caller driver config is disabled/,
    )
  })

  test('an unknown template, and one of another workspace, is NOT_FOUND', async () => {
    await using setup = await LaterSetup.start()
    await setup.client.unary('createWorkspace', { name: 'team' })
    await add(setup, full('tpl'), inWorkspace('team'))
    const refused = await failure(setup.create({ workloadTemplate: 'tpl' }))
    expect(refused).toMatchObject({ code: status.NOT_FOUND, details: "sandbox template 'tpl' not found" })
    expect(setup.driver.callsOf('validateSandboxCreate')).toEqual([])
  })
})

test('driver-contract 4: a template outlives the gateway, envelope included', async () => {
  await using directory = await temporaryDirectory()
  const stateDirectory = directory.path
  const first = await LaterSetup.start({ ...allowed, stateDirectory })
  const made = await add(first, full('tpl', { workload, driverConfig: { acme: { list: [null, 'ä'] } } }))
  first.client.close()
  await first.gateway.close()
  await using second = await LaterSetup.start({ ...allowed, stateDirectory, driver: first.driver })
  const get = { workspaceScope: scope, name: 'tpl' }
  expect((await second.client.unary('getSandboxTemplate', get)).template).toEqual(made)
})
