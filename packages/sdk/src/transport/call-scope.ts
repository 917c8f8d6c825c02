import type { OpenShellError } from '../errors/openshell-error.js'

/** One logical call. */
export interface CallScope {
  readonly rpc: string
  readonly sandboxName?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** A call on its way. */
export interface SentScope extends MutationScope {
  /** True when the caller may make the same call twice: it changes nothing, or happens once all the same. */
  readonly repeatable: boolean
}

/** A call that changes something. */
export interface MutationScope extends CallScope {
  /** The caller's own id of this change; one is made when absent, on a line that keeps ids. */
  readonly requestId?: string | undefined
  /**
   * When the change is sent again after a passing failure: `identified`, with an id that lets it happen once, or `always`, for
   * changes that may happen twice, such as another session that nobody uses. @default 'identified'
   */
  readonly repeat?: 'identified' | 'always'
}

/** A call that streams: its limits are its own. */
export interface StreamScope extends CallScope {
  /** Deadline of the stream; 0 means none. */
  readonly deadlineMs: number
  /** The option that the deadline comes from. */
  readonly timeoutOption: string
  /** True when the call changes something, so that the line is checked first. */
  readonly mutates: boolean
  /** The caller's own id of the change; one is made when absent, on a line that keeps ids. */
  readonly requestId?: string | undefined
  /** True for failures after which the stream may be opened again, as long as nothing has arrived; never when absent. */
  readonly mayReopen?: ((error: OpenShellError) => boolean) | undefined
}
