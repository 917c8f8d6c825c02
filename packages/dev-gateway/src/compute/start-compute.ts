import { randomUUID } from 'node:crypto'
import type { SandboxRow } from '../store/sandbox-row.js'
import { checkBlockAllowed } from './check-block-allowed.js'
import type { ComputeContext } from './compute-context.js'
import { MissingIdentityError } from './missing-identity-error.js'
import { selectBlock } from './select-block.js'

/** @throws StatusError FAILED_PRECONDITION when the operator does not let the sandbox start with what it was created with. */
export async function checkStartable({ driverName, rules }: ComputeContext, row: SandboxRow): Promise<void> {
  checkBlockAllowed(rules, selectBlock(row.driverConfig, driverName))
  await rules.checkAdmission()
}

/**
 * Asks the driver to start a sandbox's compute, on line 0.1 with what tells this start from earlier ones.
 *
 * @throws MissingIdentityError when the driver must name the backend's object and did not; the compute is stopped then.
 */
export async function startCompute(context: ComputeContext, row: SandboxRow): Promise<void> {
  const { driver, store, rules, logger } = context
  const call = { sandboxId: row.id, name: row.name }
  const launch = row.launch
  const { runtimeIdentity } = await driver.call('startSandbox', {
    ...call,
    ...(rules.line === '0.1' && { generationId: randomUUID(), expectedRuntimeIdentity: launch?.runtimeIdentity ?? '' }),
  })
  if (!rules.needsRuntimeIdentity) return
  if (runtimeIdentity !== '') {
    if (launch) store.sandboxes.update(row.id, { launch: { ...launch, runtimeIdentity } })
    return
  }
  await driver.call('stopSandbox', call).catch((error: unknown) => {
    logger.warn({ err: error, sandboxId: row.id }, 'Failed to stop a sandbox without a runtime identity')
  })
  throw new MissingIdentityError()
}
