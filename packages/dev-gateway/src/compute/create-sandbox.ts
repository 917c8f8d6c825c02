import { randomUUID } from 'node:crypto'
import { clone, create } from '@bufbuild/protobuf'
import type { Struct } from '@bufbuild/protobuf/wkt'
import { status } from '@grpc/grpc-js'
import { SandboxPhase, type SandboxSpec, SandboxSpecSchema, SandboxTemplateSchema } from '@openshell-ts/protocol/v0-0'
import { launchAuthentication } from '../auth/launch-authentication.js'
import { StatusError } from '../errors/status-error.js'
import { nextLaunchSession } from '../records/launch-session.js'
import type { LaunchRecord, SandboxRow } from '../records/sandbox-row.js'
import { removeSandbox } from '../store/gateway-store.js'
import { keepLaunch } from '../store/keep-launch.js'
import { withRawEnvelope } from '../wire/raw-envelope.js'
import { checkBlockAllowed } from './check-block-allowed.js'
import type { ComputeContext } from './compute-context.js'
import { MissingIdentityError } from './missing-identity-error.js'
import { selectBlock } from './select-block.js'
import { toDriverSandbox } from './translate-sandbox.js'

/** A request for a sandbox whose fields were all checked. */
export interface SandboxRequest {
  readonly name: string
  readonly workspace: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** As submitted, with the default command and image. */
  readonly spec: SandboxSpec
  /** The driver_config envelope; absent when the request has none. */
  readonly driverConfig: Struct | undefined
  /** What only line 0.1 knows of. */
  readonly launch?: Omit<LaunchRecord, 'runtimeIdentity'>
}

/** Fills in the command and the image that an empty request means, without touching the request's own message. */
export function withDefaults(submitted: SandboxSpec, defaultImage: string): SandboxSpec {
  const spec = clone(SandboxSpecSchema, submitted)
  spec.template ??= create(SandboxTemplateSchema)
  if (spec.template.image === '') spec.template.image = defaultImage
  if (spec.command.length === 0) {
    spec.command = ['/bin/bash', '-l']
    spec.tty = true
  }
  return spec
}

/**
 * Creates a sandbox: validated by the driver, stored, then created by the driver.
 *
 * Cancelling reaches the driver. A create that is cancelled after it was stored keeps its row, as with the real gateway.
 *
 * @throws StatusError with the driver's own error when it refuses to validate.
 */
export async function createSandbox(
  context: ComputeContext,
  request: SandboxRequest,
  signal: AbortSignal,
): Promise<SandboxRow> {
  const { store, driver, rules } = context
  const { name, workspace, spec, launch } = request
  const id = randomUUID()
  const block = selectBlock(request.driverConfig, context.driverName)
  checkBlockAllowed(rules, block)
  const translation = { line: rules.line, id, name, workspace, spec, block }
  const validated = toDriverSandbox({ ...translation, ...noMaterial })
  await rules.checkAdmission()
  await driver.call('validateSandboxCreate', { sandbox: validated }, { signal })
  const { session, ...material } = await createMaterial(context, id, launch)
  const row = store.sandboxes.insert({
    id,
    name: request.name,
    workspace: request.workspace,
    labels: request.labels,
    annotations: request.annotations,
    spec: withRawEnvelope(request.spec, request.driverConfig),
    driverConfig: request.driverConfig,
    ...(launch && { launch: { ...launch, runtimeIdentity: '', session, provisioning: { attemptId: randomUUID() } } }),
    status: newStatus,
  })
  if (!row) throw new StatusError(status.ALREADY_EXISTS, `sandbox '${request.name}' already exists`)
  try {
    await rules.checkAdmission()
    const sandbox = toDriverSandbox({ ...translation, ...material })
    const { runtimeIdentity } = await driver.call('createSandbox', { sandbox }, { signal })
    await keepIdentity(context, row, runtimeIdentity)
  } catch (error) {
    if (!signal.aborted) removeSandbox(store, id)
    throw toCreateError(error)
  }
  logLine(context, id, 'CreateSandbox request completed successfully')
  return row
}

async function keepIdentity(
  { store, driver, rules, logger }: ComputeContext,
  row: SandboxRow,
  runtimeIdentity: string,
) {
  if (!rules.needsRuntimeIdentity) return
  if (runtimeIdentity !== '') {
    // Its supervisor may have connected and spoken by then.
    keepLaunch(store.sandboxes, row.id, { runtimeIdentity })
    return
  }
  await driver.call('deleteSandbox', { sandboxId: row.id, name: row.name }).catch((error: unknown) => {
    logger.warn({ err: error, sandboxId: row.id }, 'Failed to delete a sandbox without a runtime identity')
  })
  throw new MissingIdentityError()
}

// What a sandbox is told only when it is created, and only by a gateway whose tokens its supervisor can connect with.
const noMaterial = { sandboxToken: '', awaitAttachment: false, launchAuthentication: new Uint8Array() }

async function createMaterial(context: ComputeContext, id: string, launch: SandboxRequest['launch']) {
  const { tokens } = context
  if (!tokens) return { ...noMaterial, session: undefined }
  const sandboxToken = await tokens.mint(id)
  logLine(context, id, 'minted sandbox JWT')
  if (!launch) return { ...noMaterial, sandboxToken, session: undefined }
  const session = nextLaunchSession(undefined)
  return {
    sandboxToken,
    awaitAttachment: launch.awaitMainProcessAttachment,
    launchAuthentication: await launchAuthentication(tokens, id, session),
    session,
  }
}

function logLine({ store }: ComputeContext, id: string, message: string): void {
  store.logs.push(id, {
    timestampMs: BigInt(store.now()),
    level: 'INFO',
    target: 'openshell_server::grpc::sandbox',
    message,
    source: 'gateway',
    fields: {},
  })
}

// The real gateway keeps two codes and one text; everything else of a failed create is flattened.
function toCreateError(error: unknown): unknown {
  if (!(error instanceof StatusError) || error instanceof MissingIdentityError) return error
  if (error.code === status.ALREADY_EXISTS) return new StatusError(status.ALREADY_EXISTS, 'sandbox already exists')
  if (error.code === status.FAILED_PRECONDITION) return new StatusError(status.FAILED_PRECONDITION, error.details)
  return new StatusError(status.INTERNAL, `create sandbox failed: ${error.details}`)
}

const newStatus = {
  sandboxName: '',
  agentPod: '',
  agentFd: '',
  sandboxFd: '',
  conditions: [],
  phase: SandboxPhase.PROVISIONING,
  mainProcessInstanceId: '',
  currentPolicyVersion: 0,
}
