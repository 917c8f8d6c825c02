import type { Message } from '@bufbuild/protobuf'
import { ComputeDriver } from '@openshell-ts/protocol/compute'
import { DriverRefusal, type ReceivedCall, type ScriptedDriver } from '../scripted-driver.js'
import { writeMessage } from './message-json.js'
import type { JsonMap } from './recording.js'

/** The name of the sandboxes that a replay creates only to see its driver refuse them. */
export const markerName = 'replay-marker'

/** Keeps what a driver receives, in the form of a recording. */
export class DriverLog {
  /** The step that is running now. */
  step = -1
  readonly #calls: { readonly step: number; readonly call: ReceivedCall }[] = []

  constructor(driver: ScriptedDriver) {
    driver.onCall = (call) => {
      if (isMarker(call)) throw new DriverRefusal(10, 'marker')
      this.#calls.push({ step: this.step, call })
      return undefined
    }
  }

  /** How many calls have arrived, of one method when it is named. */
  count(rpc?: string): number {
    return rpc === undefined ? this.#calls.length : this.#calls.filter(({ call }) => nameOf(call) === rpc).length
  }

  /** Id, name and token of a sandbox that the driver was asked to create, the newest first; any, when no id is given. */
  created(id?: string): { readonly id: string; readonly name: string; readonly token: string } | undefined {
    const methods = id === undefined ? ['createSandbox', 'validateSandboxCreate'] : ['createSandbox']
    for (const { call } of [...this.#calls].reverse()) {
      const { sandbox } = call.request as SandboxRequest
      if (!methods.includes(call.method) || !sandbox || (id !== undefined && sandbox.id !== id)) continue
      return { id: sandbox.id, name: sandbox.name, token: sandbox.spec?.sandboxToken ?? '' }
    }
    return undefined
  }

  /** The calls from one on, as recordings write them. */
  recorded(first: number): JsonMap[] {
    return this.#calls.slice(first).map(({ step, call }) => {
      const request = writeMessage(ComputeDriver.method[call.method].input, call.request as Message)
      return {
        step,
        rpc: nameOf(call),
        ...(Object.keys(request).length > 0 && { request }),
        ...(call.signal.aborted && { cancelled: true }),
      }
    })
  }
}

interface SandboxRequest {
  readonly sandbox?: {
    readonly id: string
    readonly name: string
    readonly spec?: { readonly sandboxToken: string }
  }
}

function isMarker({ method, request }: ReceivedCall): boolean {
  return method === 'validateSandboxCreate' && (request as SandboxRequest).sandbox?.name === markerName
}

function nameOf({ method }: ReceivedCall): string {
  return ComputeDriver.method[method].name
}
