import { fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { Health, HealthCheckResponse_ServingStatus as Serving } from '@openshell-ts/protocol/health'
import { expect, test } from 'vitest'
import { defineDriver, serveDriver } from '../src/index.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { serveInTest, temporaryFolder } from './serve-in-test.js'

const healthClient = (socketPath: string) =>
  new GrpcServiceClient(Health, `unix:${socketPath}`, credentials.createInsecure())

test('the driver is healthy when it serves, by name and as a whole', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const health = healthClient(served.socketPath)
  for (const service of ['', 'openshell.compute.v1.ComputeDriver']) {
    expect((await health.unary('check', { service })).status).toBe(Serving.SERVING)
  }
  health.close()
})

test('the driver is not healthy while it recovers', async () => {
  await using folder = await temporaryFolder()
  let finish = () => {}
  const listed = new Promise<void>((resolve) => {
    finish = resolve
  })
  const slow = defineDriver({ ...memoryDriver(memoryBackend()), list: () => listed.then(() => []) })
  const socketPath = `${folder.path}/d.sock`
  const starting = serveDriver(slow, { socketPath, stateDirectory: `${folder.path}/st` })
  const health = healthClient(socketPath)
  await health.waitForReady(new Date(Date.now() + 30_000))
  expect((await health.unary('check', { service: '' })).status).toBe(Serving.NOT_SERVING)
  finish()
  const server = await starting
  expect((await health.unary('check', { service: '' })).status).toBe(Serving.SERVING)
  health.close()
  await server.close()
})

interface ReflectionAnswer {
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] }
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly Iterable<number>[] }
}

test('reflection lists the services and hands out every file that theirs need', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const ask = await reflection(served.socketPath)
  const { listServicesResponse } = await ask({ listServices: '*' })
  expect(listServicesResponse?.service.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['openshell.compute.v1.ComputeDriver', 'grpc.health.v1.Health']),
  )
  const [compute] = await files(ask({ fileContainingSymbol: 'openshell.compute.v1.ComputeDriver' }))
  expect(compute?.name).toBe('openshell/compute/v1/compute_driver.proto')
  expect(compute?.service[0]?.method).toHaveLength(13)
  const missing = [...(compute?.dependency ?? [])]
  const found = new Set<string>()
  for (let name = missing.pop(); name !== undefined; name = missing.pop()) {
    if (found.has(name)) continue
    const [file] = await files(ask({ fileByFilename: name }))
    expect(file?.name).toBe(name)
    found.add(name)
    missing.push(...(file?.dependency ?? []))
  }
  expect(found).toContain('openshell/options/v1/options.proto')
})

async function files(answer: Promise<ReflectionAnswer>) {
  const { fileDescriptorResponse } = await answer
  const encoded = fileDescriptorResponse?.fileDescriptorProto ?? []
  return encoded.map((bytes) => fromBinary(FileDescriptorProtoSchema, Uint8Array.from(bytes)))
}

/** Asks the reflection service one question a stream, with the definition that the service itself is served with. */
async function reflection(socketPath: string): Promise<(question: object) => Promise<ReflectionAnswer>> {
  const { ReflectionService } = await import('@grpc/reflection')
  let definition: Parameters<typeof makeGenericClientConstructor>[0] = {}
  new ReflectionService({}).addToServer({
    addService: (service) => {
      definition = service
    },
  })
  const Client = makeGenericClientConstructor(definition, 'ServerReflection')
  return (question) =>
    new Promise((resolve, reject) => {
      const client = new Client(`unix:${socketPath}`, credentials.createInsecure())
      const stream = client['ServerReflectionInfo']?.()
      stream.on('data', (answer: ReflectionAnswer) => {
        resolve(answer)
        stream.end()
        client.close()
      })
      stream.on('error', reject)
      stream.write(question)
    })
}
