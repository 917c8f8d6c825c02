import type { DriverConfigEnvelope, JsonObject } from '@openshell-ts/driver-config/envelope'
import type { RecordInfo } from './record-info.js'
import type { GpuRequest, ResourceAmounts } from './template.js'

/** How soon sandboxes that are made from a template are to be ready. */
export interface StartupServiceLevel {
  /** From create to ready, in milliseconds; absent or 0 promises nothing. */
  readonly readyWithinMs?: number
  /** How many are created at once at most; absent or 0 says nothing about it. */
  readonly maxBurst?: number
}

/** What a stored template is made of. What a create says itself wins, entry by entry. */
export interface WorkloadTemplateSpec {
  /** Image reference; absent or empty means the driver's default. */
  readonly image?: string
  /** Environment of the sandboxes; names starting with `OPENSHELL_` are refused. */
  readonly environment?: Readonly<Record<string, string>>
  /** Most that a sandbox may use; absent means the driver's defaults. */
  readonly resources?: ResourceAmounts
  /** GPUs; absent means none. */
  readonly gpu?: GpuRequest
  /** One block per driver, by the driver's name, as in `sandboxes.create`. */
  readonly driverConfig?: DriverConfigEnvelope
  /** What the operator is asked to aim for; absent asks for nothing. */
  readonly startup?: StartupServiceLevel
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

/** Snapshot of a stored template. */
export interface WorkloadTemplateInfo extends Omit<RecordInfo, 'deletedAt'> {
  readonly spec: Omit<WorkloadTemplateSpec, 'driverConfig' | 'labels' | 'annotations'> & {
    readonly image: string
    readonly environment: Readonly<Record<string, string>>
    /** The whole envelope as it was sent; absent when none was. */
    readonly driverConfig?: JsonObject
  }
}
