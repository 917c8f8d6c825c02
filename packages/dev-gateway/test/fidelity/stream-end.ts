import type { EventEmitter } from 'node:events'
import { type ServiceError, type StatusObject, status } from '@grpc/grpc-js'
import type { JsonMap } from './recording.js'

/** Resolves when a stream that somebody reads has ended, with its status as recordings write it. */
export function streamEnd(call: EventEmitter): Promise<JsonMap> {
  return new Promise((resolve) => {
    call.on('error', ({ code, details }: ServiceError) => resolve({ code: status[code] ?? '', message: details }))
    // The last messages come after the status.
    call.once('status', ({ code }: StatusObject) => {
      if (code === status.OK) call.once('end', () => resolve({ code: 'OK' }))
    })
  })
}
