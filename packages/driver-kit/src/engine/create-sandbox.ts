import { status as codes } from '@grpc/grpc-js'
import type { AcceptedConfig as Accepted, ConfigIssue } from '@openshell-ts/driver-config'
import { configWarning, toPlatformEvent } from '../contract/platform-event.js'
import type { SandboxRequest } from '../contract/requested-sandbox.js'
import { StatusError } from '../contract/status-error.js'
import { DriverError } from '../driver/driver-error.js'
import { handlerLimitMs } from '../driver/handler-limits.js'
import type { SandboxState } from '../driver/sandbox-state.js'
import { launchContext } from './handler-contexts.js'
import type { OperationParts } from './operation-parts.js'
import { limitReached, runHandler } from './run-handler.js'
import { SandboxEntry } from './sandbox-entry.js'
import type { SandboxRecord } from './sandbox-record.js'
import { stampConfig } from './stored-config.js'

type AcceptedConfig = Accepted<unknown>

/**
 * Stores a new sandbox, then lets the driver create it. A create is finished or undone, never left half-way: its caller
 * may go away, a delete may arrive in the middle, and the process may be killed.
 *
 * @throws StatusError ALREADY_EXISTS when the id or the name is taken; ABORTED when a delete arrived meanwhile.
 */
export async function createSandbox(
  parts: OperationParts,
  request: SandboxRequest,
  config: AcceptedConfig,
): Promise<void> {
  const { registry, reaper, driver } = parts
  if (registry.isTaken(request.sandbox)) throw new StatusError(codes.ALREADY_EXISTS, 'sandbox already exists')
  if (reaper.isReaping(request.sandbox.id)) {
    throw new StatusError(
      codes.FAILED_PRECONDITION,
      'an earlier sandbox of this id is still being removed; try again later',
    )
  }
  const entry = new SandboxEntry(newRecord(request, config, driver.version), { ok: true, value: config.value })
  registry.add(entry)
  await entry.lane.run(() => storeAndLaunch(parts, entry, request, config.warnings))
}

async function storeAndLaunch(
  parts: OperationParts,
  entry: SandboxEntry,
  request: SandboxRequest,
  warnings: readonly ConfigIssue[],
): Promise<void> {
  const { store, registry, reporter, hub, driver, reaper } = parts
  try {
    const secrets = {
      environment: request.sandbox.environment,
      ...(request.token === undefined ? {} : { token: request.token }),
    }
    entry.attach(await store.create(entry.record, secrets))
  } catch (cause) {
    registry.remove(entry)
    throw new DriverError({
      code: 'failed-precondition',
      message: 'The driver cannot write its state directory; its operator must make room or repair it.',
      cause,
    })
  }
  if (entry.deleting) throw deletedMeanwhile()
  reporter.announce(entry)
  for (const warning of warnings) hub.publish(toPlatformEvent(entry.id, driver.name, configWarning(warning)))
  try {
    await launch(parts, entry, request)
  } catch (error) {
    if (entry.deleting) throw deletedMeanwhile()
    await reaper.reap(parts, entry)
    throw error
  }
}

async function launch(parts: OperationParts, entry: SandboxEntry, request: SandboxRequest): Promise<void> {
  const { driver, reporter, writer, abortGraceMs } = parts
  const context = launchContext(parts, entry, request)
  const limit = { handler: 'create', limitMs: handlerLimitMs(driver.handlerLimitsMs, 'create') } as const
  const result = await runHandler<SandboxState | undefined>(
    async () => (await driver.create(entry.sandbox, context)) ?? undefined,
    {
      ...limit,
      signal: entry.launch.signal,
      abort: () => entry.launch.abort(),
      graceMs: abortGraceMs,
      onLate: () => void parts.reaper.sweepUp(parts, entry),
    },
  )
  if (entry.deleting) throw deletedMeanwhile()
  // What it has begun in the background ends with the signal, so the run is not whole although the handler returned.
  if (entry.launch.signal.aborted) throw limitReached(limit)
  reporter.set(entry, result ?? entry.reported ?? { type: 'running' })
  entry.setOperation(undefined)
  // Recovery undoes a create that is not marked as finished, so this one must be on disk before it is acknowledged.
  await writer.save(entry)
}

function newRecord({ sandbox, block }: SandboxRequest, config: AcceptedConfig, driverVersion: string): SandboxRecord {
  const { environment: _, ...spec } = sandbox
  const now = new Date().toISOString()
  const driverConfig = stampConfig(block, config, driverVersion)
  return {
    spec,
    ...(driverConfig === undefined ? {} : { driverConfig }),
    createdAt: now,
    state: { type: 'starting' },
    stateSince: now,
    operation: 'create',
  }
}

function deletedMeanwhile(): StatusError {
  return new StatusError(codes.ABORTED, 'the sandbox was deleted while it was being created')
}
