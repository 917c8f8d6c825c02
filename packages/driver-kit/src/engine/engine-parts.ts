import type { Driver } from '../driver/driver.js'
import type { DriverLogger } from '../driver/driver-logger.js'
import type { SettingDefinitions, SettingValues } from '../driver/driver-settings.js'
import type { RecordWriter } from './record-writer.js'
import type { Registry } from './registry.js'
import type { SandboxStore } from './sandbox-store.js'
import type { StateReporter } from './state-reporter.js'
import type { WatchHub } from './watch-hub.js'

/** What the engine works with. */
export interface EngineParts {
  readonly driver: Driver
  readonly settings: SettingValues<SettingDefinitions>
  readonly logger: DriverLogger
  readonly store: SandboxStore
  readonly registry: Registry
  readonly hub: WatchHub
  readonly writer: RecordWriter
  readonly reporter: StateReporter
  /** How long a handler may go on after its signal has aborted before the engine stops waiting for it. */
  readonly abortGraceMs: number
}
