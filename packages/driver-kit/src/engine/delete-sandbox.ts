import type { OperationParts } from './operation-parts.js'
import { removeSandbox } from './remove-sandbox.js'
import type { SandboxEntry } from './sandbox-entry.js'

/**
 * Deletes a sandbox with everything it has. It wins over all other operations: what runs is told to end, and the delete
 * follows it. Returns whether there was something to delete.
 */
export function deleteSandbox(parts: OperationParts, entry: SandboxEntry): Promise<boolean> {
  entry.abort()
  return entry.lane.run(async () => {
    // A create that failed meanwhile, or an earlier delete, has removed it.
    if (parts.registry.get(entry.id) !== entry) return entry.stored
    await remove(parts, entry)
    return true
  })
}

async function remove(parts: OperationParts, entry: SandboxEntry): Promise<void> {
  const { reporter, writer, registry, hub, reaper } = parts
  const created = entry.record.operation !== 'create'
  entry.deleting = true
  entry.setOperation('delete')
  reporter.announce(entry)
  await writer.saveIfPossible(entry)
  try {
    await removeSandbox(parts, entry, () => finishLate(parts, entry))
  } catch (error) {
    if (created) {
      await keep(parts, entry)
    } else {
      await reaper.reap(parts, entry)
    }
    throw error
  }
  entry.launch.end()
  registry.remove(entry)
  hub.publishDeleted(entry.id)
}

/** Goes back to what the sandbox was, because nothing says that it is gone. */
async function keep({ reporter, writer }: OperationParts, entry: SandboxEntry): Promise<void> {
  entry.deleting = false
  entry.setOperation(undefined)
  reporter.announce(entry)
  await writer.saveIfPossible(entry)
}

/** Finishes a delete that has ended after it was given up: the backend does not have the sandbox any more. */
function finishLate(parts: OperationParts, entry: SandboxEntry): void {
  if (parts.registry.get(entry.id) !== entry) return
  deleteSandbox(parts, entry).catch((error: unknown) => {
    parts.logger.error({ err: error, sandboxId: entry.id }, 'A delete that was given up has ended and is not finished')
  })
}
