import { withoutFullStop } from '../errors/without-full-stop.js'
import type { SandboxCondition, SandboxInfo } from '../model/sandbox-info.js'

const MAX_CONDITIONS = 8
const MAX_TEXT = 500

/** A state in one line for people: phase, exit code, and what the conditions say. */
export function describeState(info: SandboxInfo | undefined): string {
  if (!info) return 'No state was seen.'
  const exit = info.exitCode === undefined ? '' : `, exit code ${info.exitCode}`
  const conditions = info.conditions.slice(0, MAX_CONDITIONS).map(describeCondition)
  const more = info.conditions.length > MAX_CONDITIONS ? ` (+${info.conditions.length - MAX_CONDITIONS} more)` : ''
  return `Last state: ${info.phase}${exit}${conditions.length === 0 ? '' : `; ${conditions.join('; ')}`}${more}.`
}

function describeCondition({ type, status, reason, message }: SandboxCondition): string {
  const text = message.length > MAX_TEXT ? `${message.slice(0, MAX_TEXT)}…` : withoutFullStop(message)
  return `${type}=${status}${reason === '' ? '' : ` ${reason}`}${text === '' ? '' : `: ${text}`}`
}
