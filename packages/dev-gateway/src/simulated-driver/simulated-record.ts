import { create } from '@bufbuild/protobuf'
import { type DriverSandbox, DriverSandboxSchema } from '@openshell-ts/protocol/compute'
import { type SimulatedState, simulatedConditions } from './simulated-conditions.js'
import type { SimulatedSandbox } from './simulated-driver.js'

/** A sandbox that a simulated driver keeps. */
export interface SimulatedRecord {
  readonly id: string
  readonly name: string
  readonly workspace: string
  /** What its supervisor needs to know besides the endpoint. */
  readonly launch: Pick<SimulatedSandbox, 'token' | 'command' | 'tty' | 'environment'>
  state: SimulatedState
  /** The run that is going on; absent while nothing runs. */
  run?: SimulatedRun
}

/** One run of a sandbox, from start to stop. */
export interface SimulatedRun {
  /** The id of the main process. */
  readonly instanceId: string
  /** Resolves with what ends the supervisor, and with nothing when it could not be started. */
  readonly supervisor: Promise<AsyncDisposable | undefined>
}

/** What the gateway asks for, as a record; the token is of use only to a supervisor that is to come. */
export function toRecord(
  { id, name, workspace, spec }: DriverSandbox,
  { keepToken }: { readonly keepToken: boolean },
): SimulatedRecord {
  return {
    id,
    name,
    workspace,
    launch: {
      token: keepToken ? (spec?.sandboxToken ?? '') : '',
      command: spec?.command ?? [],
      tty: spec?.tty ?? false,
      environment: { ...spec?.template?.environment, ...spec?.environment },
    },
    state: { type: 'starting' },
  }
}

/** The message that reports a record. */
export function toSnapshot({ id, name, workspace, state }: SimulatedRecord, now: Date): DriverSandbox {
  return create(DriverSandboxSchema, {
    id,
    name,
    workspace,
    status: { name, instanceId: `simulated-${id}`, conditions: [...simulatedConditions(state, now)] },
  })
}
