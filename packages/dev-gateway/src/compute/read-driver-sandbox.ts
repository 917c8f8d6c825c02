import { status } from '@grpc/grpc-js'
import type { DriverSandbox } from '@openshell-ts/protocol/compute'
import { StatusError } from '../errors/status-error.js'
import type { ComputeContext } from './compute-context.js'

/**
 * What the driver says of a sandbox now; `undefined` when it knows none.
 *
 * @throws Error for an answer about another one; StatusError when the driver does not answer.
 */
export async function readDriverSandbox(
  { driver }: ComputeContext,
  id: string,
  name: string,
): Promise<DriverSandbox | undefined> {
  try {
    const { sandbox } = await driver.call('getSandbox', { sandboxId: id, name })
    if (sandbox && sandbox.id !== id) {
      throw new Error(`compute driver returned sandbox '${sandbox.id}' for requested id '${id}'`)
    }
    return sandbox
  } catch (error) {
    if (error instanceof StatusError && error.code === status.NOT_FOUND) return undefined
    throw error
  }
}
