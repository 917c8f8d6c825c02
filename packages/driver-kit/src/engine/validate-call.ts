import type { ValidateContext } from '../driver/driver.js'
import type { DriverLogger } from '../driver/driver-logger.js'
import type { SettingDefinitions, SettingValues } from '../driver/driver-settings.js'
import type { LazySignal } from './lazy-signal.js'

type Settings = SettingValues<SettingDefinitions>

/** What a context is made of. */
export interface ValidateCallParts {
  readonly settings: Settings
  readonly logger: DriverLogger
  readonly config: unknown
  readonly cancelled: LazySignal
}

/**
 * What `validate` gets. The signal is made for a handler that reads it, or copies the whole context. All contexts share one
 * accessor: an object with an accessor of its own costs more than the rest of a call.
 */
export class ValidateCall implements ValidateContext<unknown, Settings> {
  static readonly #signal = {
    enumerable: true,
    get(this: ValidateCall): AbortSignal {
      return this.#cancelled.signal
    },
  }

  readonly settings: Settings
  readonly logger: DriverLogger
  readonly config: unknown
  declare readonly signal: AbortSignal
  readonly #cancelled: LazySignal

  constructor({ settings, logger, config, cancelled }: ValidateCallParts) {
    this.settings = settings
    this.logger = logger
    this.config = config
    this.#cancelled = cancelled
    Object.defineProperty(this, 'signal', ValidateCall.#signal)
  }
}
