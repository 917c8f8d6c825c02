import type { SandboxRow } from '../records/sandbox-row.js'
import type { ComputeContext } from './compute-context.js'

/** On line 0.1 the driver is asked to delete what may be left of a sandbox whose row is gone. Nobody waits for it. */
export function cleanUpCompute({ driver, rules, logger }: ComputeContext, { id, name }: SandboxRow): void {
  if (rules.line === '0.0') return
  driver.call('deleteSandbox', { sandboxId: id, name }).catch((error: unknown) => {
    logger.warn({ err: error, sandboxId: id }, 'Failed to delete what was left of a removed sandbox')
  })
}
