import { setTimeout as sleep } from 'node:timers/promises'
import { status } from '@grpc/grpc-js'
import { ComputeDriver } from '@openshell-ts/protocol/compute'
import { DriverRefusal, type ScriptedDriver } from '../scripted-driver.js'
import { encodeDetails } from './encode-details.js'
import { expand } from './expand-step.js'
import { readMessage } from './message-json.js'
import type { Json, JsonMap } from './recording.js'

/** Gives a driver the replies of a recording: one for ever, a list that is used up, or `null` for the driver's own again. */
export function scriptReplies(driver: ScriptedDriver, replies: Readonly<Record<string, Json>>): void {
  for (const [rpc, scripted] of Object.entries(replies)) {
    const method = ComputeDriver.methods.find(({ name }) => name === rpc)
    if (!method) throw new Error(`The recording scripts ${rpc}, which a driver does not have.`)
    const name = method.localName as never
    driver.script(name, scripted === null ? undefined : (scripted as JsonMap | JsonMap[]), async (reply, answer) => {
      if (reply['delay_ms'] !== undefined) await sleep(Number(reply['delay_ms']))
      if (reply['hang'] === true) return new Promise(() => undefined)
      if (reply['code'] !== undefined) throw toRefusal(reply)
      if (reply['response'] === undefined) return answer()
      return readMessage(method.output, namesOfBothLines(expand(reply['response'])) as JsonMap)
    })
  }
}

/** The error that a recorded reply describes. */
export function toRefusal(reply: JsonMap): DriverRefusal {
  const code = status[reply['code'] as keyof typeof status] as status
  const message = reply['message_bytes'] ? 'm'.repeat(Number(reply['message_bytes'])) : String(reply['message'] ?? '')
  const trailers: Record<string, string | Buffer> = { ...(reply['trailers'] as Record<string, string> | undefined) }
  const details = encodeDetails(code, message, reply)
  if (details) trailers['grpc-status-details-bin'] = details
  return new DriverRefusal(code, message, trailers)
}

/**
 * Driver messages in the names of the contract that serves both lines: line 0.0 called the name of a sandbox `sandbox_name`.
 * Points in time, which recordings write as seconds, become the text that protobuf's JSON has for them.
 */
export function namesOfBothLines(value: Json): Json {
  if (Array.isArray(value)) return value.map(namesOfBothLines)
  if (typeof value !== 'object' || value === null) return value
  const { seconds, ...others } = value
  if (seconds !== undefined && Object.keys(others).length === 0) return new Date(Number(seconds) * 1_000).toISOString()
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key === 'sandbox_name' ? 'name' : key, namesOfBothLines(entry)]),
  )
}
