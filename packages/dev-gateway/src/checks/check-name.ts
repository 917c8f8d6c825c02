import { invalidArgument } from '../errors/status-error.js'
import { checkLength } from './check-text.js'

const nameLimit = 19

/** @throws StatusError when a sandbox's or workspace's name has another form than the API allows. */
export function checkName(what: string, name: string): void {
  checkLength(what, name, nameLimit)
  if (!/^[a-z0-9-]*$/.test(name)) {
    throw invalidArgument(`${what} must contain only lowercase alphanumeric characters or hyphens`)
  }
  if (name.startsWith('-') || name.endsWith('-')) throw invalidArgument(`${what} must not start or end with a hyphen`)
  if (name.includes('--')) throw invalidArgument(`${what} must not contain consecutive hyphens`)
}
