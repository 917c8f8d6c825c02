import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { type handleServerStreamingCall, type handleUnaryCall, Server, ServerCredentials, status } from '@grpc/grpc-js'
import * as wire from '@openshell-ts/protocol/compute'
import { toGrpcServiceDefinition } from '@openshell-ts/protocol/grpc'
import { answerQuestions } from '../answer-questions.js'
import { validateImage } from './validate-image.js'

const [socketPath = '', count = '1'] = process.argv.slice(2)

/** What an author keeps of a sandbox who writes the same service by hand. */
interface KnownSandbox {
  readonly id: string
  readonly name: string
  readonly since: Date
}

const sandboxes = new Map<string, KnownSandbox>(
  Array.from({ length: Number(count) }, (_, index) => {
    const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
    return [id, { id, name: `sandbox-${index}`, since: new Date() }]
  }),
)

function toMessage({ id, name, since }: KnownSandbox): MessageInitShape<typeof wire.DriverSandboxSchema> {
  const seconds = Math.floor(since.getTime() / 1_000)
  const condition = {
    type: 'Ready',
    status: 'True',
    reason: 'BackendReady',
    lastTransitionTime: since.toISOString(),
    transitionTime: { seconds: BigInt(seconds), nanos: 0 },
  }
  return { id, name, workspace: 'default', status: { name, conditions: [condition], deleting: false } }
}

const contract = 'openshell.compute.contract'
const capabilities = create(wire.GetCapabilitiesResponseSchema, {
  driverName: 'acme',
  driverVersion: '1.0.0',
  resourceCapabilities: { cpu: {}, memory: {}, gpu: {} },
  extension: {
    protocolVersion: { major: 1, minor: 0 },
    implementationName: 'acme/acme',
    implementationVersion: '1.0.0',
    supportedCapabilities: [contract],
    requiredCapabilities: [contract],
  },
  resourceAdmissionPolicy: `v1:${JSON.stringify({
    allow_driver_config: false,
    resource_admission: {
      enabled: true,
      required_labels: {
        'openshell.ai/sandbox-attachable': 'true',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the canonical text of the contract.
        'openshell.ai/sandbox-attachable-workspace': '${workspace}',
      },
    },
  })}`,
})

const getCapabilities: handleUnaryCall<wire.GetCapabilitiesRequest, wire.GetCapabilitiesResponse> = (_, callback) =>
  callback(null, capabilities)

const validate: handleUnaryCall<wire.ValidateSandboxCreateRequest, wire.ValidateSandboxCreateResponse> = (
  { request },
  callback,
) => {
  validateImage(request.sandbox?.spec?.template?.image ?? '').then(
    () => callback(null, create(wire.ValidateSandboxCreateResponseSchema)),
    (error: Error) => callback({ code: status.INVALID_ARGUMENT, details: error.message }),
  )
}

const getSandbox: handleUnaryCall<wire.GetSandboxRequest, wire.GetSandboxResponse> = ({ request }, callback) => {
  const sandbox = sandboxes.get(request.sandboxId)
  if (sandbox === undefined) callback({ code: status.NOT_FOUND, details: 'sandbox not found' })
  else callback(null, create(wire.GetSandboxResponseSchema, { sandbox: toMessage(sandbox) }))
}

const listSandboxes: handleUnaryCall<wire.ListSandboxesRequest, wire.ListSandboxesResponse> = (_, callback) =>
  callback(null, create(wire.ListSandboxesResponseSchema, { sandboxes: [...sandboxes.values()].map(toMessage) }))

const watchSandboxes: handleServerStreamingCall<wire.WatchSandboxesRequest, wire.WatchSandboxesEvent> = (call) => {
  for (const sandbox of sandboxes.values()) {
    const value = { sandbox: toMessage(sandbox) }
    call.write(create(wire.WatchSandboxesEventSchema, { payload: { case: 'sandbox', value } }))
  }
}

const server = new Server()
server.addService(toGrpcServiceDefinition(wire.ComputeDriver), {
  getCapabilities,
  validateSandboxCreate: validate,
  getSandbox,
  listSandboxes,
  watchSandboxes,
})
await new Promise<void>((resolve, reject) => {
  server.bindAsync(`unix:${socketPath}`, ServerCredentials.createInsecure(), (error) =>
    error === null ? resolve() : reject(error),
  )
})
process.once('SIGTERM', () => process.exit())
answerQuestions()
