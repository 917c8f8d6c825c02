import { status as codes } from '@grpc/grpc-js'
import type { JsonObject, JsonValue } from '@openshell-ts/driver-config/envelope'
import type { DriverSandbox, DriverSandboxSpec, DriverSandboxTemplate } from '@openshell-ts/protocol/compute'
import type { DriverCapabilities } from '../driver/driver-capabilities.js'
import type { RequestedSandbox } from '../driver/sandbox.js'
import { StatusError } from './status-error.js'

/** A create request, taken apart. */
export interface SandboxRequest {
  /** What handlers see. */
  readonly sandbox: RequestedSandbox
  /** The driver's block; `undefined` when none arrived. */
  readonly block: JsonObject | undefined
  /** The sandbox token; `undefined` when the gateway issues none. A secret. */
  readonly token: string | undefined
  /** Launch material of line 0.1; `undefined` when there is none. A secret. */
  readonly launchAuthentication: Uint8Array | undefined
}

/** Ids become file names: a letter or digit first, and nothing that leads out of a folder. */
const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

/**
 * Takes the sandbox of a Validate or Create request apart.
 *
 * @throws StatusError INVALID_ARGUMENT that names the field when the sandbox, its id or its name is missing or unusable.
 */
export function readSandboxRequest(
  message: DriverSandbox | undefined,
  capabilities: DriverCapabilities,
): SandboxRequest {
  if (message === undefined) throw invalid('sandbox is required')
  if (message.id === '') throw invalid('sandbox.id is required')
  if (!idPattern.test(message.id)) {
    throw invalid('sandbox.id must be 1 to 128 letters, digits, ".", "_" or "-", and begin with a letter or a digit')
  }
  if (message.name === '') throw invalid('sandbox.name is required')
  const { spec } = message
  return {
    sandbox: {
      id: message.id,
      name: message.name,
      workspace: message.workspace === '' ? 'default' : message.workspace,
      ...readSpec(spec),
      ...readTemplate(spec?.template, capabilities),
      environment: { ...spec?.template?.environment, ...spec?.environment },
    },
    block: spec?.template?.driverConfig,
    token: nonEmpty(spec?.sandboxToken),
    launchAuthentication: spec?.launchAuthentication.length ? spec.launchAuthentication : undefined,
  }
}

function readSpec(spec: DriverSandboxSpec | undefined) {
  const gpu = spec?.resourceRequirements?.gpu
  const identity = spec?.workloadIdentity
  return {
    command: [...(spec?.command ?? [])],
    tty: spec?.tty ?? false,
    logLevel: spec?.logLevel ?? '',
    awaitMainProcessAttachment: spec?.awaitMainProcessAttachment ?? false,
    ...(gpu === undefined ? {} : { gpu: gpu.count === undefined ? {} : { count: gpu.count } }),
    ...(identity === undefined ? {} : { workloadIdentity: { user: identity.user, group: identity.group } }),
  }
}

function readTemplate(template: DriverSandboxTemplate | undefined, { defaultImage = '' }: DriverCapabilities) {
  const { resources, platformConfig, userNamespaces } = template ?? {}
  const pointer = findNonFinite(platformConfig)
  if (pointer !== undefined) {
    throw invalid(`sandbox.spec.template.platform_config: ${pointer} must be a finite number; write a plain JSON value`)
  }
  return {
    image: nonEmpty(template?.image) ?? defaultImage,
    labels: { ...template?.labels },
    agentSocketPath: template?.agentSocketPath ?? '',
    ...(resources === undefined ? {} : { resources: pickResources(resources) }),
    ...(platformConfig === undefined ? {} : { platformConfig }),
    ...(userNamespaces === undefined ? {} : { userNamespaces }),
  }
}

/** Where a Struct has a number that JSON has no word for, and that a record could not keep, as a JSON pointer. */
function findNonFinite(value: JsonValue | undefined, pointer = ''): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : pointer
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, member] of Object.entries(value)) {
    const found = findNonFinite(member, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    if (found !== undefined) return found
  }
  return undefined
}

function pickResources({
  cpuRequest,
  cpuLimit,
  memoryRequest,
  memoryLimit,
}: NonNullable<DriverSandboxTemplate['resources']>) {
  return { cpuRequest, cpuLimit, memoryRequest, memoryLimit }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}

function invalid(message: string): StatusError {
  return new StatusError(codes.INVALID_ARGUMENT, message)
}
