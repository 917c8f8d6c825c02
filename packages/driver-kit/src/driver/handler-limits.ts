/** A handler whose running time is limited. */
export type LimitedHandler =
  | 'validate'
  | 'create'
  | 'start'
  | 'stop'
  | 'delete'
  | 'list'
  | 'authenticate'
  | 'ensureWorkspace'
  | 'deleteWorkspace'

/**
 * How long handlers may run, in milliseconds; `0` waits for ever. Gateways set no deadline of their own, so without a limit
 * a handler that hangs would hold its caller, and every later call for the sandbox.
 */
export interface HandlerLimits {
  /** @default 30_000 */
  readonly validate?: number
  /** Return `{ type: 'starting' }` for what takes longer. @default 900_000 */
  readonly create?: number
  /** Return `{ type: 'starting' }` for what takes longer. @default 900_000 */
  readonly start?: number
  /** @default 120_000 */
  readonly stop?: number
  /** @default 300_000 */
  readonly delete?: number
  /** @default 60_000 */
  readonly list?: number
  /** @default 30_000 */
  readonly authenticate?: number
  /** @default 60_000 */
  readonly ensureWorkspace?: number
  /** @default 60_000 */
  readonly deleteWorkspace?: number
}

const defaults: Readonly<Record<LimitedHandler, number>> = {
  validate: 30_000,
  create: 900_000,
  start: 900_000,
  stop: 120_000,
  delete: 300_000,
  list: 60_000,
  authenticate: 30_000,
  ensureWorkspace: 60_000,
  deleteWorkspace: 60_000,
}

/** The longest time that a timer of the runtime can measure; a longer one would fire at once. */
const longestMs = 2_147_483_647

/** The handler's limit in milliseconds; `0` when there is none. */
export function handlerLimitMs(limits: HandlerLimits | undefined, handler: LimitedHandler): number {
  return limits?.[handler] ?? defaults[handler]
}

/** @throws TypeError that names the limit when one is not a time that can be waited for, or belongs to no handler. */
export function checkHandlerLimits(limits: HandlerLimits | undefined): void {
  for (const [handler, limit] of Object.entries<unknown>({ ...limits })) {
    if (!Object.hasOwn(defaults, handler)) {
      throw new TypeError(`handlerLimitsMs has no "${handler}"; it has: ${Object.keys(defaults).join(', ')}.`)
    }
    if (typeof limit === 'number' && limit >= 0 && limit <= longestMs) continue
    throw new TypeError(`handlerLimitsMs.${handler} must be 0 to ${longestMs} milliseconds; 0 waits for ever.`)
  }
}

/** What callers read when a handler has reached its limit. */
export function handlerLimitText(handler: LimitedHandler, limitMs: number): string {
  const early = handler === 'create' || handler === 'start' ? ' return { type: "starting" } and report later, or' : ''
  return `the driver's "${handler}" handler did not end within ${limitMs} ms; its author can${early} raise handlerLimitsMs.${handler} in defineDriver`
}
