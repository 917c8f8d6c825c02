import type { ConfigIssue } from '@openshell-ts/driver-config/envelope'

/** Something about a create that deserves a look. A warning never stops it. */
export type SandboxWarning =
  /** No block is meant for the active driver, so that it gets none. */
  | {
      readonly type: 'no-matching-block'
      readonly message: string
      /** The key under which the gateway looks. */
      readonly activeDriver: string
      /** The key of the envelope that is nearest to it; absent when none is near. */
      readonly suggestion?: string
    }
  /** A block does not pass the check of its driver's published schema, or uses something deprecated. */
  | {
      readonly type: 'block-issue'
      readonly message: string
      readonly driverName: string
      readonly issue: ConfigIssue
    }
  /** Something in the block of a driver that comes with OpenShell vanishes beside the spec, or is not what it looks like. */
  | {
      readonly type: 'block-advice'
      readonly message: string
      readonly driverName: string
      /** Place in the block, such as `driver_config.pod.tolerations[0].toleration_seconds`. */
      readonly path: string
    }
