/** The steps that clients know how to show. */
export type ProgressStep = 'requesting_sandbox' | 'pulling_image' | 'starting_sandbox'

/** Shows clients how far a launch is; each call becomes one event on the sandbox's watch streams. */
export interface Progress {
  /** Says that a step runs now. `detail` is short free text such as `120 MB / 500 MB`; none when absent. */
  start(step: ProgressStep, detail?: string): void
  /** Says that a step is done. `label` is what clients show for it; the client's own word when absent. */
  complete(step: ProgressStep, label?: string): void
}
