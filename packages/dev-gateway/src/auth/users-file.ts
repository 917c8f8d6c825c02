import { GatewayStartError } from '../errors/gateway-start-error.js'
import { readToml } from '../files/read-toml.js'
import type { DevGatewayUser } from './gateway-users.js'

const keys = ['subject', 'token', 'display_name', 'roles', 'scopes', 'expires']

/**
 * Reads users from a TOML file: one `[[users]]` each, with `subject` and `token`, and where wanted `display_name`, `roles`,
 * `scopes`, and `expires` as a date and time.
 *
 * @throws GatewayStartError that says where, and shows nothing of a token.
 */
export function readUsersFile(path: string): DevGatewayUser[] {
  const { users, ...others } = readToml(path, 'users file')
  const [other] = Object.keys(others)
  if (other !== undefined) throw problem(path, `${other} is not known; write one [[users]] for each user`)
  if (!Array.isArray(users) || users.length === 0) throw problem(path, 'there is no user; write [[users]] with subject')
  return users.map((user: unknown, index) => readUser(path, `user ${index + 1}`, user))
}

function readUser(path: string, where: string, user: unknown): DevGatewayUser {
  if (typeof user !== 'object' || user === null) throw problem(path, `${where} must be a table: write [[users]]`)
  const fields = new Map(Object.entries(user))
  for (const key of fields.keys()) {
    if (!keys.includes(key)) throw problem(path, `${where}: ${key} is not known; use ${keys.join(', ')}`)
  }
  const take = <Value>(key: string, isIt: (value: unknown) => value is Value, kind: string): Value | undefined => {
    const value = fields.get(key)
    if (value === undefined || isIt(value)) return value
    throw problem(path, `${where}: ${key} must be ${kind}`)
  }
  const text = (key: string) => take(key, isText, 'a text')
  const texts = (key: string) => take(key, isTexts, 'a list of texts')
  const [subject, token, displayName] = [text('subject'), text('token'), text('display_name')]
  if (subject === undefined || token === undefined) throw problem(path, `${where} needs subject and token`)
  const [roles, scopes] = [texts('roles'), texts('scopes')]
  const expires = take('expires', isDate, 'a date and time with its offset, such as 2030-01-01T00:00:00Z')
  return {
    subject,
    token,
    ...(displayName !== undefined && { displayName }),
    ...(roles && { roles }),
    ...(scopes && { scopes }),
    ...(expires && { expiresAtMs: expires.getTime() }),
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)
const isDate = (value: unknown): value is Date => value instanceof Date && !Number.isNaN(value.getTime())

function problem(path: string, text: string): GatewayStartError {
  return new GatewayStartError('configuration', `${path}: ${text}.`)
}
