import { status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { failure, Setup } from './test-client.js'

test('a service has the URL of its names on the gateway’s port, until its sandbox is gone', async () => {
  await using setup = await Setup.start()
  const { client } = setup
  const { port } = setup.gateway
  await client.unary('createWorkspace', { name: 'team' })
  const sandbox = await setup.create({ workspace: 'team' })
  const expose = (service: string, targetPort: number) =>
    client.unary('exposeService', { sandbox: 'box', service, targetPort, workspace: 'team' })
  const web = await expose('web', 8080)
  expect(web.url).toBe(`http://team--box--web.openshell.localhost:${port}/`)
  expect(web.endpoint).toMatchObject({
    sandboxId: sandbox.metadata?.id,
    sandboxName: 'box',
    serviceName: 'web',
    targetPort: 8080,
    metadata: { workspace: 'team', resourceVersion: 1n },
  })
  expect((await expose('', 80)).url).toBe(`http://team--box.openshell.localhost:${port}/`)
  expect((await expose('web', 9090)).endpoint).toMatchObject({
    metadata: { id: web.endpoint?.metadata?.id, resourceVersion: 2n },
    targetPort: 9090,
  })
  const reference = { sandbox: 'box', service: 'web', workspace: 'team' }
  expect((await client.unary('getService', reference)).endpoint?.targetPort).toBe(9090)
  const all = await client.unary('listServices', { allWorkspaces: true })
  expect(all.services.map(({ endpoint }) => endpoint?.serviceName)).toEqual(['web', ''])
  expect((await client.unary('listServices', {})).services).toEqual([])
  expect(await client.unary('deleteService', reference)).toMatchObject({ deleted: true })
  expect(await client.unary('deleteService', reference)).toMatchObject({ deleted: false })
  setup.driver.replies.deleteSandbox = () => ({ deleted: false })
  await client.unary('deleteSandbox', { name: 'box', workspace: 'team' })
  expect((await client.unary('listServices', { workspace: 'team' })).services).toEqual([])
})

test.each([
  [{ sandbox: '' }, status.INVALID_ARGUMENT, 'sandbox is required'],
  [{ sandbox: 'a--b' }, status.INVALID_ARGUMENT, "sandbox must not contain '--'"],
  [{ service: 'Web' }, status.INVALID_ARGUMENT, 'service must be a lowercase DNS label'],
  [
    { service: 's'.repeat(29) },
    status.INVALID_ARGUMENT,
    'service must be at most 28 characters for sandbox service routing',
  ],
  [{ targetPort: 0 }, status.INVALID_ARGUMENT, 'target_port must be in 1..=65535'],
  [{ targetPort: 65_536 }, status.INVALID_ARGUMENT, 'target_port must be in 1..=65535'],
  [{ sandbox: 'ghost' }, status.NOT_FOUND, 'sandbox not found'],
  [{ workspace: 'nope' }, status.NOT_FOUND, "workspace 'nope' not found"],
])('a service with %j is refused', async (fields, code, details) => {
  await using setup = await Setup.start()
  await setup.create()
  const request = { sandbox: 'box', service: 'web', targetPort: 80, ...fields }
  expect(await failure(setup.client.unary('exposeService', request))).toMatchObject({ code, details })
  expect((await setup.client.unary('listServices', {})).services).toEqual([])
})
