import { create, equals, toBinary } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { ComputeDriver, DriverSandboxSchema, GetSandboxRequestSchema, GetSandboxResponseSchema } from '../compute.js'
import { OpenShell } from '../v0-0.js'
import { toGrpcMethodDefinition, toGrpcServiceDefinition } from './service-definition.js'

test('a service is defined under the local names of its methods', () => {
  const definition = toGrpcServiceDefinition(ComputeDriver)
  expect(Object.keys(definition).sort()).toEqual(Object.keys(ComputeDriver.method).sort())
  expect(definition.getCapabilities.path).toBe('/openshell.compute.v1.ComputeDriver/GetCapabilities')
})

test.each([
  ['getSandbox', false, false],
  ['watchSandbox', false, true],
  ['pushSandboxLogs', true, false],
  ['connectSupervisor', true, true],
] as const)('%s streams as its kind says', (name, requestStream, responseStream) => {
  const definition = toGrpcServiceDefinition(OpenShell)[name]
  expect(definition).toMatchObject({ requestStream, responseStream })
})

test('requests and answers survive the way through bytes', () => {
  const { requestSerialize, requestDeserialize, responseSerialize, responseDeserialize } = toGrpcMethodDefinition(
    ComputeDriver.method.getSandbox,
  )
  const request = create(GetSandboxRequestSchema, { sandboxId: 'id', name: 'web' })
  expect(equals(GetSandboxRequestSchema, requestDeserialize(requestSerialize(request)), request)).toBe(true)
  const response = create(GetSandboxResponseSchema, { sandbox: create(DriverSandboxSchema, { id: 'id' }) })
  expect(equals(GetSandboxResponseSchema, responseDeserialize(responseSerialize(response)), response)).toBe(true)
})

test('serialised messages are buffers, which grpc-js needs to frame them', () => {
  const definition = toGrpcMethodDefinition(ComputeDriver.method.getSandbox)
  const request = create(GetSandboxRequestSchema, { sandboxId: 'id' })
  const bytes = definition.requestSerialize(request)
  expect(Buffer.isBuffer(bytes)).toBe(true)
  expect(new Uint8Array(bytes)).toEqual(toBinary(GetSandboxRequestSchema, request))
})

test('bytes that are no message are refused', () => {
  const { requestDeserialize } = toGrpcMethodDefinition(ComputeDriver.method.getSandbox)
  expect(() => requestDeserialize(Buffer.from([0x0a, 0x05, 0x41]))).toThrow()
})
