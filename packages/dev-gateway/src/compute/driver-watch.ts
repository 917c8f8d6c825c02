import { once } from 'node:events'
import { toJson } from '@bufbuild/protobuf'
import { TimestampSchema } from '@bufbuild/protobuf/wkt'
import type { DriverPlatformEvent, WatchSandboxesEvent } from '@openshell-ts/protocol/compute'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { isTimedOut } from '../records/sandbox-row.js'
import { type PlatformEventRecord, removeSandbox } from '../store/gateway-store.js'
import type { WireLine } from '../wire/wire-line.js'
import { applySnapshot } from './apply-snapshot.js'
import { cleanUpCompute } from './clean-up-compute.js'
import type { ComputeContext } from './compute-context.js'
import { readDriverSandbox } from './read-driver-sandbox.js'

/**
 * Follows the driver's watch stream until `signal` aborts, and opens it again after `reopenMs` whenever it ends.
 *
 * Never rejects: a driver that is down or that sends nonsense costs a warning.
 */
export async function watchDriver(context: ComputeContext, reopenMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await watchOnce(context, signal)
    await context.clock.sleep(reopenMs, signal)
  }
}

async function watchOnce(context: ComputeContext, signal: AbortSignal): Promise<void> {
  const stream = context.driver.watch()
  const cancel = () => stream.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  let applied = Promise.resolve()
  stream.on('data', (event: WatchSandboxesEvent) => {
    if (context.rules.line === '0.0') applyEvent(context, event)
    // In the order in which they came, although some have to be asked about.
    else applied = applied.then(() => applyLaterEvent(context, event))
  })
  try {
    await once(stream, 'end')
    if (!signal.aborted) context.logger.warn('Compute driver watch stream ended unexpectedly')
  } catch (error) {
    if (!signal.aborted) context.logger.warn({ err: error }, 'Compute driver watch stream failed to start')
  } finally {
    signal.removeEventListener('abort', cancel)
    // A cancelled stream reports once more; nobody is interested.
    stream.on('error', () => undefined)
  }
}

function applyEvent(context: ComputeContext, { payload }: WatchSandboxesEvent): void {
  const { store, sessions, logger, rules } = context
  try {
    if (payload.case === 'sandbox' && payload.value.sandbox) {
      const { sandbox } = payload.value
      applySnapshot(store.sandboxes, sandbox, sessions.connected(sandbox.id), rules)
    } else if (payload.case === 'deleted') {
      const { sandboxId } = payload.value
      const row = store.sandboxes.get(sandboxId)
      // What was given up was deleted by the gateway itself, and its row tells why.
      if (row && isTimedOut(row) && row.status.phase !== SandboxPhase.DELETING) return
      removeSandbox(store, sandboxId)
      if (row) cleanUpCompute(context, row)
    } else if (payload.case === 'platformEvent' && payload.value.event) {
      const { sandboxId, event } = payload.value
      if (store.sandboxes.get(sandboxId)) store.platformEvents.push(sandboxId, toRecord(event, rules.line))
    }
  } catch (error) {
    logger.error({ err: error }, 'Failed to apply compute driver event')
  }
}

// What was said of a sandbox before it was started must not end its start: line 0.1 looks what its driver says now.
async function applyLaterEvent(context: ComputeContext, event: WatchSandboxesEvent): Promise<void> {
  const said = event.payload.case === 'sandbox' ? event.payload.value.sandbox : undefined
  const row = said && context.store.sandboxes.get(said.id)
  if (!row || row.status.phase !== SandboxPhase.STARTING) {
    applyEvent(context, event)
    return
  }
  try {
    const sandbox = await readDriverSandbox(context, row.id, row.name)
    const { store, sessions, rules } = context
    if (sandbox) applySnapshot(store.sandboxes, sandbox, sessions.connected(row.id), rules)
  } catch (error) {
    context.logger.error({ err: error }, 'Failed to apply compute driver event')
  }
}

function toRecord(event: DriverPlatformEvent, line: WireLine): PlatformEventRecord {
  const { source, type, reason, message, metadata } = event
  return { timestampMs: timeOf(event, line), source, type, reason, message, metadata }
}

// Each line reads its own field. On line 0.1 a time that no date can say costs the event.
function timeOf({ timestampMs, eventTime }: DriverPlatformEvent, line: WireLine): bigint {
  if (line === '0.0') return timestampMs
  return eventTime ? BigInt(Date.parse(toJson(TimestampSchema, eventTime))) : 0n
}
