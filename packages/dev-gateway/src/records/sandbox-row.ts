import type { Struct } from '@bufbuild/protobuf/wkt'
import type { SandboxPhase, SandboxSpec } from '@openshell-ts/protocol/v0-0'
import type { ConfigurationState } from './configuration-state.js'
import type { EndpointStatusRecord, TokenGrantFailureRecord } from './endpoint-status.js'
import type { LaunchSession } from './launch-session.js'

/** One observation about a sandbox, as clients see it. */
export interface RowCondition {
  readonly type: string
  /** `True`, `False` or `Unknown`; drivers may write anything. */
  readonly status: string
  readonly reason: string
  readonly message: string
  /** As the driver wrote it, unchecked; empty when the gateway wrote the condition. */
  readonly lastTransitionTime: string
}

/** What the gateway knows about a sandbox's state. */
export interface RowStatus {
  /** The driver's object name; empty until the first snapshot. */
  readonly sandboxName: string
  readonly agentPod: string
  readonly agentFd: string
  readonly sandboxFd: string
  readonly conditions: readonly RowCondition[]
  readonly phase: SandboxPhase
  /** Empty until a supervisor connects with one; kept over session end and stop. */
  readonly mainProcessInstanceId: string
  /** Present once the main process's exit was reported. */
  readonly exitCode?: number | undefined
  /** The policy version that the supervisor loaded; 0 before. */
  readonly currentPolicyVersion: number
  /** How requests to the policy's endpoints went; only supervisors of line 0.1 tell. */
  readonly endpointStatuses?: readonly EndpointStatusRecord[] | undefined
  readonly lastTokenGrantFailure?: TokenGrantFailureRecord | undefined
}

/** What only line 0.1 knows of a sandbox. */
export interface LaunchRecord {
  /** When the main process is started again, as the wire's number; 0 when nothing was said. */
  readonly restartPolicy: number
  /** Whether the main process waits until somebody is attached to it. */
  readonly awaitMainProcessAttachment: boolean
  /** The driver's name for the backend's object; empty when it gives none. */
  readonly runtimeIdentity: string
  /** How far the sandbox is with its configuration; absent until a supervisor came. */
  readonly configuration?: ConfigurationState | undefined
  /** The run of the compute; absent before the first, and when the gateway issues no tokens. */
  readonly session?: LaunchSession | undefined
  /** How the provisioning of the present run goes; absent for sandboxes of line 0.0. */
  readonly provisioning?: ProvisioningRecord | undefined
  /** Of the running supervisor's SSH host key; absent until the gateway has spoken SSH with it. */
  readonly hostKeyFingerprint?: string | undefined
  /** How the main process was started again; absent before the first time. */
  readonly restarts?: RestartRecord | undefined
  /** When the running main process was started, in milliseconds since 1970; absent before the first. */
  readonly mainProcessStartedAtMs?: number | undefined
  /** The template from which the sandbox was made; absent when it was made from none. */
  readonly workloadTemplate?: { readonly name: string; readonly resourceVersion: string } | undefined
  /** Names the set of attached providers: another one for each change of it. Absent before there was any. */
  readonly attachmentEpoch?: string | undefined
}

/** How the provisioning of a run goes, with times in milliseconds since 1970. */
export interface ProvisioningRecord {
  readonly attemptId: string
  /** When the supervisor rejected its configuration first; absent when it has not. */
  readonly firstRejectionAtMs?: number | undefined
  /** Until when a configuration has to be accepted; absent for no limit. */
  readonly deadlineAtMs?: number | undefined
  /** When it was given up; absent before. */
  readonly timedOutAtMs?: number | undefined
  /** When the driver had deleted what was there. */
  readonly cleanedUpAtMs?: number | undefined
  /** Why the driver could not the last time. */
  readonly cleanupError?: string | undefined
  readonly cleanupRetryAtMs?: number | undefined
}

/** How a main process is started again when it ends. */
export interface RestartRecord {
  /** How often it was since the sandbox was created, or started by a user. */
  readonly count: number
  /** When it is next, in milliseconds since 1970; absent when nothing is planned. */
  readonly nextAtMs?: number | undefined
}

/** Of a sandbox about which line 0.1 knows nothing yet, such as one that was made on line 0.0. */
export const emptyLaunch: LaunchRecord = { restartPolicy: 0, awaitMainProcessAttachment: false, runtimeIdentity: '' }

/** Whether a sandbox's provisioning was given up. Its row stays until a user starts or deletes it. */
export function isTimedOut({ launch }: Pick<SandboxRow, 'launch'>): boolean {
  return launch?.provisioning?.timedOutAtMs !== undefined
}

/** The gateway's stored record of a sandbox. Never changed in place: a change is a new row with the next version. */
export interface SandboxRow {
  readonly id: string
  readonly name: string
  readonly workspace: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly createdAtMs: number
  /** When the row was last written; sweeps skip rows that are newer than their own start. */
  readonly updatedAtMs: number
  /** Counts the writes, from 1. */
  readonly resourceVersion: number
  /**
   * As submitted, with the gateway's defaults. The driver_config envelope is carried as an unknown field of its template,
   * so that clients get back the bytes that no decoder has touched.
   */
  readonly spec: SandboxSpec
  /** The envelope in decoded form; absent when the request had none. */
  readonly driverConfig?: Struct | undefined
  /** Absent on line 0.0. */
  readonly launch?: LaunchRecord | undefined
  readonly status: RowStatus
}

/** What a write may replace. */
export type RowChange = Partial<Pick<SandboxRow, 'status' | 'spec' | 'annotations' | 'launch'>>
