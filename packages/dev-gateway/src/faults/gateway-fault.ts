import { status } from '@grpc/grpc-js'
import type { DriverLie } from './driver-lie.js'

/** What a fault does to a call. Times run by the gateway's clock. */
export type FaultEffect =
  /** The connection is cut before anything is done. The driver's side: the call never reaches it. */
  | { readonly effect: 'drop-before-commit' }
  /** Everything is done, and the connection is cut in place of the answer, or of the first message of a stream. */
  | { readonly effect: 'drop-after-commit' }
  /** The call waits first. */
  | { readonly effect: 'delay'; readonly delayMs: number }
  /** The call is refused before anything is done. */
  | { readonly effect: 'status'; readonly code: FaultCode; readonly message?: string }
  /** Everything is done, and the call ends with this in place of its answer, or of the end of a stream. */
  | { readonly effect: 'status-after-commit'; readonly code: FaultCode; readonly message?: string }
  /** So many messages of the answer come, then nothing any more and no end. @default 0 messages */
  | { readonly effect: 'half-open'; readonly messages?: number }
  /** So many messages of a stream come, then its end. @default 1 message */
  | { readonly effect: 'end-early'; readonly messages?: number }
  /** So long before each message of the other side is taken. */
  | { readonly effect: 'slow-reader'; readonly delayMs: number }
  /** The messages of a stream that hold this (`exit`, `sandbox`, `log`, …), or the one at this place, counted from 1, are lost. */
  | { readonly effect: 'lose-message'; readonly message: string | number }
  /**
   * A supervisor's session, once it has had so many messages, is ended by another one of the same sandbox, as by a second supervisor.
   * That one answers nothing; the sandbox stays Ready until a supervisor connects again. @default 1 message
   */
  | { readonly effect: 'superseded'; readonly messages?: number }
  /** Line 0.1: a watch that goes on after a cursor is refused with OUT_OF_RANGE, as when its place is gone. Others are not struck. */
  | { readonly effect: 'lose-cursor' }
  | DriverLie

/** The name of a gRPC code that is no success. */
export type FaultCode = Exclude<keyof typeof status, 'OK'>

/** Something that goes wrong. */
export type DevGatewayFault = FaultEffect & {
  /** The RPC of the gateway's API that it strikes, such as `CreateSandbox`; `driver/CreateSandbox` for a call of the driver. */
  readonly rpc: string
  /** The name of the sandbox whose calls it strikes. Absent: every call. */
  readonly sandbox?: string
  /** How many calls it strikes. Absent: every one until it is removed. */
  readonly times?: number
}

/** A fault that was added. */
export interface FaultHandle extends Disposable {
  /** How many calls it has struck. */
  readonly hits: number
  /** Strikes no further call. A call that it has struck already goes on as it does. */
  remove(): void
}

/** The faults of a running gateway. */
export interface DevGatewayFaults {
  /**
   * Adds a fault, as an object or in the words of `--fault`. Of the faults that fit a call, the oldest strikes.
   *
   * @throws FaultError that says what is wrong with it.
   */
  add(fault: DevGatewayFault | string): FaultHandle
}

/** True for the name of a code. */
export function isFaultCode(name: string): name is FaultCode {
  return name !== 'OK' && Number.isNaN(Number(name)) && name in status
}
