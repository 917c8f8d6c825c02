import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { credentials, status } from '@grpc/grpc-js'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { Inference } from '@openshell-ts/protocol/v0-0'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failure, Setup } from './test-client.js'

const idOf = (sandbox: { metadata?: { id: string } | undefined }) => sandbox.metadata?.id ?? ''

let setup: Setup
let inference: GrpcServiceClient<typeof Inference>
beforeEach(async () => {
  setup = await Setup.start()
  inference = new GrpcServiceClient(Inference, `127.0.0.1:${setup.gateway.port}`, credentials.createInsecure())
})
afterEach(async () => {
  inference.close()
  await setup[Symbol.asyncDispose]()
})

const createProvider = (name: string, fields: object = {}) =>
  setup.client.unary('createProvider', {
    provider: { metadata: { name }, type: 'openai', credentials: { OPENAI_API_KEY: 'sk-secret' }, ...fields },
  })

describe('a route', () => {
  test('counts how often it was set, and is deleted once', async () => {
    await createProvider('models')
    const set = (modelId: string) =>
      inference.unary('setInferenceRoute', { providerName: 'models', modelId, noVerify: true })
    expect((await failure(inference.unary('getInferenceRoute', {}))).code).toBe(status.NOT_FOUND)
    expect(await set('m1')).toMatchObject({ version: 1n, routeName: 'inference.local', validationPerformed: false })
    expect(await set('m2')).toMatchObject({ version: 2n, workspace: 'default' })
    expect(await inference.unary('getInferenceRoute', {})).toMatchObject({ modelId: 'm2', providerName: 'models' })
    expect(await inference.unary('deleteInferenceRoute', {})).toMatchObject({ deleted: true })
    expect(await inference.unary('deleteInferenceRoute', {})).toMatchObject({ deleted: false })
  })

  test.each([
    [{ providerName: '' }, status.INVALID_ARGUMENT, 'provider_name is required'],
    [{ modelId: ' ' }, status.INVALID_ARGUMENT, 'model_id is required'],
    [{ providerName: 'ghost' }, status.FAILED_PRECONDITION, "provider 'ghost' not found"],
    [
      { routeName: 'mine' },
      status.INVALID_ARGUMENT,
      "unknown route_name 'mine'; expected 'inference.local' or 'sandbox-system'",
    ],
    [
      { providerName: 'generic' },
      status.INVALID_ARGUMENT,
      "provider 'generic' has unsupported type 'generic' for cluster inference (supported: openai, anthropic, nvidia)",
    ],
    [{ workspace: 'nope' }, status.NOT_FOUND, "workspace 'nope' not found"],
  ])('with %j is refused', async (fields, code, details) => {
    await createProvider('models')
    await createProvider('generic', { type: 'generic' })
    const request = { providerName: 'models', modelId: 'm', noVerify: true, ...fields }
    expect(await failure(inference.unary('setInferenceRoute', request))).toMatchObject({ code, details })
  })

  test.each([
    [200, undefined],
    [401, 'verify the provider API key and any required auth headers'],
    [503, 'check whether the endpoint is healthy and serving requests'],
  ])('is tried at its endpoint first, which answers HTTP %i', async (answered, problem) => {
    let authorization: string | undefined
    const server = createServer((request, response) => {
      authorization = request.headers.authorization
      response.writeHead(answered, { connection: 'close' }).end('{}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
    await createProvider('models', { config: { OPENAI_BASE_URL: baseUrl } })
    const set = inference.unary('setInferenceRoute', { providerName: 'models', modelId: 'm' })
    try {
      if (problem === undefined) {
        const url = `${baseUrl}/chat/completions`
        const validatedEndpoints = [{ url, protocol: 'openai_chat_completions' }]
        expect(await set).toMatchObject({ validationPerformed: true, validatedEndpoints })
      } else {
        const error = await failure(set)
        expect(error.code).toBe(status.FAILED_PRECONDITION)
        expect(error.details).toContain(`answered HTTP ${answered}. Next steps: ${problem}`)
        expect(error.details).not.toContain('sk-secret')
        expect((await failure(inference.unary('getInferenceRoute', {}))).code).toBe(status.NOT_FOUND)
      }
      expect(authorization).toBe('Bearer sk-secret')
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })

  test('reaches supervisors of its workspace with the key, and nobody else', async () => {
    await createProvider('models', { config: { OPENAI_BASE_URL: 'https://models.test/v1' } })
    await inference.unary('setInferenceRoute', { providerName: 'models', modelId: 'm', noVerify: true })
    await setup.client.unary('createWorkspace', { name: 'team' })
    const own = await setup.create()
    const other = await setup.create({ workspace: 'team' })
    const bundleOf = async (id: string) => {
      const supervisor = await setup.supervise({ metadata: { id } } as never)
      const bundle = await inference.unary('getInferenceBundle', {}, { metadata: supervisor.metadata })
      await supervisor[Symbol.asyncDispose]()
      return bundle
    }
    const { routes, revision } = await bundleOf(idOf(own))
    expect(routes).toMatchObject([
      { name: 'inference.local', baseUrl: 'https://models.test/v1', apiKey: 'sk-secret', modelId: 'm' },
    ])
    expect(await bundleOf(idOf(own))).toMatchObject({ revision })
    expect(await bundleOf(idOf(other))).toMatchObject({ routes: [] })
    expect(await failure(inference.unary('getInferenceBundle', {}))).toMatchObject({
      code: status.PERMISSION_DENIED,
      details: 'this method requires a sandbox principal',
    })
  })
})
