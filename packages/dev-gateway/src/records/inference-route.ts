import type { StoredRecord } from './stored-record.js'

/** Where requests for a model go. Its record's scope is the workspace, and its name the route's. */
export interface InferenceRoute {
  readonly providerName: string
  readonly modelId: string
  /** 0 for the default of the one who sends the requests. */
  readonly timeoutSeconds: number
  /** Counts how often the route was set, from 1. */
  readonly version: number
}

/** A route as it is kept. */
export type InferenceRouteRecord = StoredRecord<InferenceRoute>
