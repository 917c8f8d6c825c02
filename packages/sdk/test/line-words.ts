import { create } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import {
  OpenShell as OpenShell00,
  SandboxResponseSchema as SandboxResponseSchema00,
  SandboxStreamEventSchema as SandboxStreamEventSchema00,
} from '@openshell-ts/protocol/v0-0'
import {
  OpenShell as OpenShell01,
  SandboxPhase,
  SandboxResponseSchema as SandboxResponseSchema01,
  SandboxStreamEventSchema as SandboxStreamEventSchema01,
} from '@openshell-ts/protocol/v0-1'
import type { WireLine } from '../src/index.js'

/** The state of a scripted sandbox; both lines write it alike. */
export interface ScriptedState {
  readonly exitCode?: number
  readonly conditions?: readonly {
    readonly type: string
    readonly status: string
    readonly reason: string
    readonly message: string
  }[]
}

/** The numbers of the phases. Line 0.0 has all but `COMPLETED`, with the same numbers. */
export { SandboxPhase }

/** What a scripted gateway answers, as its line writes it. */
export interface LineWords {
  readonly service: typeof OpenShell00 | typeof OpenShell01
  /** The version that a gateway of the line reports. */
  readonly version: string
  /** The reply of a call that answers the sandbox `box`. */
  sandboxReply(phase?: SandboxPhase, state?: ScriptedState, id?: string): object
  /** An event of a watch: the state of the sandbox. */
  statusEvent(phase: SandboxPhase, state?: ScriptedState): object
  /** An event of a watch: something that happened on the platform. */
  platformEvent(metadata: Record<string, string>, message?: string, atMs?: number): object
  /** An event of a watch: a line of a log. */
  logEvent(message: string, atMs: number): object
}

const CREATED_AT_MS = 1_700_000_000_000
const IDENTITY = { name: 'box', workspace: 'team-a', resourceVersion: 1n }
const SPEC = { template: { image: 'acme/base:1' }, command: ['sleep', '1'] }
const EVENT = { source: 'acme', type: 'Normal', reason: 'R' }
const LINE = { level: 'INFO', source: 'sandbox', target: 't' }

/** How each line writes it. */
export const WORDS: Readonly<Record<WireLine, LineWords>> = {
  '0.0': {
    service: OpenShell00,
    version: '0.0.111',
    sandboxReply: (...state) => create(SandboxResponseSchema00, { sandbox: sandbox00(...state) }),
    statusEvent: (...state) => event00({ case: 'sandbox', value: sandbox00(...state) }),
    platformEvent: (metadata, message = '', atMs = 1) =>
      event00({ case: 'event', value: { ...EVENT, timestampMs: BigInt(atMs), message, metadata } }),
    logEvent: (message, atMs) => event00({ case: 'log', value: { ...LINE, timestampMs: BigInt(atMs), message } }),
  },
  '0.1': {
    service: OpenShell01,
    version: '0.1.5',
    sandboxReply: (...state) => create(SandboxResponseSchema01, { sandbox: sandbox01(...state) }),
    statusEvent: (...state) => event01({ case: 'sandbox', value: sandbox01(...state) }),
    platformEvent: (metadata, message = '', atMs = 1) =>
      event01({ case: 'event', value: { ...EVENT, eventTime: timestampFromMs(atMs), message, metadata } }),
    logEvent: (message, atMs) =>
      event01({ case: 'log', value: { ...LINE, eventTime: timestampFromMs(atMs), message } }),
  },
}

type Payload<Init> = NonNullable<Init extends { payload?: infer P } ? P : never>

function event00(payload: Payload<Parameters<typeof create<typeof SandboxStreamEventSchema00>>[1]>): object {
  return create(SandboxStreamEventSchema00, { payload })
}

function event01(payload: Payload<Parameters<typeof create<typeof SandboxStreamEventSchema01>>[1]>): object {
  return create(SandboxStreamEventSchema01, { payload })
}

function sandbox00(phase = SandboxPhase.READY, state: ScriptedState = {}, id = 'id-1') {
  return {
    metadata: { ...IDENTITY, id, createdAtMs: BigInt(CREATED_AT_MS) },
    spec: SPEC,
    status: statusOf(phase, state),
  }
}

function sandbox01(phase = SandboxPhase.READY, state: ScriptedState = {}, id = 'id-1') {
  return {
    metadata: { ...IDENTITY, id, createdTime: timestampFromMs(CREATED_AT_MS) },
    spec: SPEC,
    status: statusOf(phase, state),
  }
}

// The lines have the same numbers, but each has a type of its own for them.
function statusOf(phase: number, { exitCode, conditions = [] }: ScriptedState) {
  return { phase, conditions: [...conditions], ...(exitCode === undefined ? {} : { exitCode }) }
}
