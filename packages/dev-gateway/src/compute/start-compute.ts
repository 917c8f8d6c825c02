import { status } from '@grpc/grpc-js'
import { launchAuthentication } from '../auth/launch-authentication.js'
import { StatusError } from '../errors/status-error.js'
import { nextLaunchSession } from '../records/launch-session.js'
import { isTimedOut, type SandboxRow } from '../records/sandbox-row.js'
import { keepLaunch } from '../store/keep-launch.js'
import { checkBlockAllowed } from './check-block-allowed.js'
import type { ComputeContext } from './compute-context.js'
import { MissingIdentityError } from './missing-identity-error.js'
import { selectBlock } from './select-block.js'
import { toDriverSandbox } from './translate-sandbox.js'

/** @throws StatusError FAILED_PRECONDITION when the operator does not let the sandbox start with what it was created with. */
export async function checkStartable({ driverName, rules }: ComputeContext, row: SandboxRow): Promise<void> {
  checkBlockAllowed(rules, selectBlock(row.driverConfig, driverName))
  await rules.checkAdmission()
}

/**
 * Asks the driver to start a sandbox's compute, on line 0.1 with the credentials of a new run and its name.
 *
 * `authenticates` is false for a start that is only repeated: the run that it began has its credentials.
 *
 * @throws MissingIdentityError when the driver must name the backend's object and did not; the compute is stopped then.
 */
export async function startCompute(
  context: ComputeContext,
  row: SandboxRow,
  { authenticates = true }: { readonly authenticates?: boolean } = {},
): Promise<void> {
  const { driver, rules, logger } = context
  const call = { sandboxId: row.id, name: row.name }
  const launch = rules.line === '0.1' ? await beginRun(context, row, authenticates) : undefined
  const { runtimeIdentity } = await driver.call('startSandbox', { ...call, ...launch }).catch((error: unknown) => {
    // The compute of a sandbox that was given up is deleted: its start is a new creation.
    const gone = error instanceof StatusError && error.code === status.NOT_FOUND
    if (!gone || !isTimedOut(row)) throw error
    return driver.call('createSandbox', { sandbox: createdAgain(context, row, launch?.launchAuthentication) })
  })
  if (!rules.needsRuntimeIdentity) return
  if (runtimeIdentity !== '') {
    keepLaunch(context.store.sandboxes, row.id, { runtimeIdentity })
    return
  }
  await driver.call('stopSandbox', call).catch((error: unknown) => {
    logger.warn({ err: error, sandboxId: row.id }, 'Failed to stop a sandbox without a runtime identity')
  })
  throw new MissingIdentityError()
}

function createdAgain(
  { rules, driverName }: ComputeContext,
  { id, name, workspace, spec, driverConfig, launch }: SandboxRow,
  launchAuthentication: Uint8Array = new Uint8Array(),
) {
  return toDriverSandbox({
    line: rules.line,
    id,
    name,
    workspace,
    spec,
    block: selectBlock(driverConfig, driverName),
    sandboxToken: '',
    awaitAttachment: launch?.awaitMainProcessAttachment ?? false,
    launchAuthentication,
  })
}

async function beginRun(context: ComputeContext, { id, launch }: SandboxRow, authenticates: boolean) {
  const expectedRuntimeIdentity = launch?.runtimeIdentity ?? ''
  const session = nextLaunchSession(launch?.session)
  const generationId = session.generation
  if (!authenticates || !context.tokens) return { generationId, expectedRuntimeIdentity }
  const authentication = await launchAuthentication(context.tokens, id, session)
  keepLaunch(context.store.sandboxes, id, { session })
  return { generationId, expectedRuntimeIdentity, launchAuthentication: authentication }
}
