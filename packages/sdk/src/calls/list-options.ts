import type { RequestOptions } from './request-options.js'

/** How a list is read. */
export interface ListOptions extends RequestOptions {
  /** How many items one request fetches, from 1 to 1000. @default 100 */
  readonly pageSize?: number
}

/** Names of the options of every list. */
export const LIST_OPTIONS = ['pageSize', 'signal'] as const satisfies readonly (keyof ListOptions)[]
