import {
  driverWarning,
  type PlatformEvent,
  stepCompleted,
  stepStarted,
  toPlatformEvent,
} from '../contract/platform-event.js'
import type { EndContext, HandlerContext, LaunchContext } from '../driver/driver.js'
import { withFields } from '../driver/driver-logger.js'
import type { SettingDefinitions, SettingValues } from '../driver/driver-settings.js'
import type { Progress } from '../driver/progress.js'
import type { EngineParts } from './engine-parts.js'
import type { SandboxEntry } from './sandbox-entry.js'

type Settings = SettingValues<SettingDefinitions>

/** What only some launches have. */
export interface LaunchMaterial {
  readonly launchAuthentication?: Uint8Array | undefined
  readonly generationId?: string | undefined
}

/** What `create` and `start` get. The launch that the entry has now is the one that the context belongs to. */
export function launchContext(
  parts: EngineParts,
  entry: SandboxEntry,
  { launchAuthentication, generationId }: LaunchMaterial,
): LaunchContext<unknown, Settings> {
  const launch = entry.launch
  const current = () => entry.launch === launch && !launch.over
  const publish = (event: PlatformEvent) => {
    if (current()) parts.hub.publish(toPlatformEvent(entry.id, parts.driver.name, event))
  }
  return {
    ...handlerContext(parts, entry),
    config: entry.config.ok ? entry.config.value : undefined,
    signal: launch.signal,
    progress: progressOf(publish),
    warn: (reason, message) => publish(driverWarning(reason, message)),
    report: (state) => {
      if (current()) parts.reporter.observe(entry, state)
    },
    ...(launchAuthentication === undefined ? {} : { launchAuthentication }),
    ...(generationId === undefined ? {} : { generationId }),
  }
}

/** What `stop` and `delete` get. */
export function endContext(
  parts: EngineParts,
  entry: SandboxEntry,
  signal: AbortSignal,
): EndContext<unknown, Settings> {
  return { ...handlerContext(parts, entry), config: entry.config.ok ? entry.config.value : undefined, signal }
}

function handlerContext({ settings, logger }: EngineParts, entry: SandboxEntry): HandlerContext<Settings> {
  return { settings, logger: withFields(logger, { sandboxId: entry.id }) }
}

function progressOf(publish: (event: PlatformEvent) => void): Progress {
  return {
    start: (step, detail) => publish(stepStarted(step, detail)),
    complete: (step, label) => publish(stepCompleted(step, label)),
  }
}
