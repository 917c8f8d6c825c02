/** What became of a deletion. */
export interface DeleteResult {
  /**
   * `completed`: the record is gone. `accepted`: the driver is at work and the record lingers; `waitDeleted` waits for it.
   * `absent`: there was nothing to delete. `unknown`: the gateway gave an answer that this release does not know.
   */
  readonly outcome: 'completed' | 'accepted' | 'absent' | 'unknown'
  /** Id of the sandbox; absent when there was none. */
  readonly sandboxId?: string
}
