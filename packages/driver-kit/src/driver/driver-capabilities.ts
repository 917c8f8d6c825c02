/** What a driver tells gateways about itself. The answer is the same for the life of the process. */
export interface DriverCapabilities {
  /** The image of sandboxes whose client names none; none when absent. */
  readonly defaultImage?: string
  /**
   * Whether compute ends together with the driver or its host, so that gateways stop and start sandboxes with themselves.
   *
   * @default false
   */
  readonly gatewayManagesLifecycle?: boolean
  /**
   * Whether a `running` sandbox is usable without a supervisor's session. Only gateways of line 0.1 read it.
   *
   * @default false
   */
  readonly reportsRuntimeReadiness?: boolean
  /** What the driver really enforces. A request for anything else is refused with the field's name. */
  readonly resources?: {
    /** Whether CPU limits are enforced; `false` when absent. */
    readonly cpuLimit?: boolean
    /** Whether memory limits are enforced; `false` when absent. */
    readonly memoryLimit?: boolean
    /** Whether a GPU can be asked for without a count; `false` when absent. */
    readonly gpu?: boolean
    /** Whether a number of GPUs can be asked for; `false` when absent. */
    readonly gpuCount?: boolean
  }
}
