import { checkLabelSelector } from '../checks/check-label-selector.js'
import { runClientChecks } from '../checks/run-client-checks.js'
import type { ClientContext } from './client-context.js'

/** The selector of a list, empty when it has none. Throws kind `invalid-argument` with every problem of it. */
export function readLabelSelector(
  context: Pick<ClientContext, 'clientChecks'>,
  rpc: string,
  { labelSelector = '' }: { readonly labelSelector?: string },
): string {
  runClientChecks(context, rpc, () => checkLabelSelector('labelSelector', labelSelector))
  return labelSelector
}
