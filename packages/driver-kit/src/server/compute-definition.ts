import type { MessageShape } from '@bufbuild/protobuf'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import {
  ComputeDriver,
  DriverSandboxSchema,
  type GetCapabilitiesResponse,
  GetCapabilitiesResponseSchema,
  type ListSandboxesResponseSchema,
  type WatchSandboxesEvent,
  WatchSandboxesEventSchema,
} from '@openshell-ts/protocol/compute'
import { toGrpcServiceDefinition } from '@openshell-ts/protocol/grpc'
import { encodeOnce } from '../contract/encode-once.js'
import { markValueless } from '../contract/valueless.js'

/** Number of the field that carries the sandbox: in a list, in an event, and in the event's payload. */
const sandboxField = 1

/**
 * The compute service as it is served: what is told to several, or again, is encoded once, and a block is read with what JSON
 * cannot say.
 */
export function computeDefinition() {
  const definition = toGrpcServiceDefinition(ComputeDriver)
  const { getCapabilities, validateSandboxCreate, createSandbox, listSandboxes, watchSandboxes, ...others } = definition
  return {
    ...others,
    getCapabilities: { ...getCapabilities, responseSerialize: serializeCapabilities },
    validateSandboxCreate: {
      ...validateSandboxCreate,
      requestDeserialize: (bytes: Buffer) => withBlock(validateSandboxCreate.requestDeserialize(bytes), bytes),
    },
    createSandbox: {
      ...createSandbox,
      requestDeserialize: (bytes: Buffer) => withBlock(createSandbox.requestDeserialize(bytes), bytes),
    },
    listSandboxes: { ...listSandboxes, responseSerialize: serializeList },
    watchSandboxes: { ...watchSandboxes, responseSerialize: serializeEvent },
  }
}

function withBlock<Request extends Parameters<typeof markValueless>[0]>(request: Request, bytes: Buffer): Request {
  markValueless(request, bytes)
  return request
}

// Gateways of line 0.1 ask before every operation, and there is one answer in the life of a process.
function serializeCapabilities(capabilities: GetCapabilitiesResponse): Buffer {
  return asBuffer(encodeOnce(GetCapabilitiesResponseSchema, capabilities))
}

function serializeList({ sandboxes }: MessageShape<typeof ListSandboxesResponseSchema>): Buffer {
  const writer = new BinaryWriter()
  for (const sandbox of sandboxes) {
    writer.tag(sandboxField, WireType.LengthDelimited).bytes(encodeOnce(DriverSandboxSchema, sandbox))
  }
  return asBuffer(writer.finish())
}

function serializeEvent(event: WatchSandboxesEvent): Buffer {
  const sandbox = event.payload.case === 'sandbox' ? event.payload.value.sandbox : undefined
  if (sandbox === undefined) return asBuffer(encodeOnce(WatchSandboxesEventSchema, event))
  const writer = new BinaryWriter()
  writer.tag(sandboxField, WireType.LengthDelimited).fork()
  writer.tag(sandboxField, WireType.LengthDelimited).bytes(encodeOnce(DriverSandboxSchema, sandbox))
  return asBuffer(writer.join().finish())
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
