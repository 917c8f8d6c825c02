import { expect, test } from 'vitest'
import type { Sandbox } from '../driver/sandbox.js'
import { supervisorEnvironment } from './supervisor-environment.js'

const sandbox: Sandbox = {
  id: 'id-1',
  name: 'one',
  workspace: 'default',
  image: '',
  command: ['sleep', '60'],
  tty: false,
  environment: { PATH: '/user', KEY: 'v' },
  logLevel: '',
  labels: {},
  agentSocketPath: '',
  awaitMainProcessAttachment: false,
  directory: '/state/one/files',
  tokenFile: '/state/one/sandbox.jwt',
}
const where = { endpoint: 'http://127.0.0.1:1', sshSocketPath: '/run/ssh.sock' }

test('a supervisor gets all that it reads, and the user only a variable of his own', () => {
  expect(supervisorEnvironment(sandbox, { ...where, variables: { PATH: '/bin' } })).toEqual({
    PATH: '/bin',
    OPENSHELL_SANDBOX_ID: 'id-1',
    OPENSHELL_SANDBOX: 'one',
    OPENSHELL_ENDPOINT: 'http://127.0.0.1:1',
    OPENSHELL_SSH_SOCKET_PATH: '/run/ssh.sock',
    OPENSHELL_SANDBOX_TOKEN_FILE: '/state/one/sandbox.jwt',
    OPENSHELL_MAIN_PROCESS_SPEC: '{"version":1,"command":["sleep","60"],"tty":false}',
    OPENSHELL_USER_ENVIRONMENT: '{"PATH":"/user","KEY":"v"}',
    OPENSHELL_TELEMETRY_ENABLED: 'false',
    OPENSHELL_NETWORK_RUNTIME_CAPABILITIES: '',
    OPENSHELL_OCI_IMAGE_USER: '',
    OPENSHELL_SANDBOX_UID: '',
    OPENSHELL_SANDBOX_GID: '',
  })
})

test("the supervisor's own variables are never taken from the user", () => {
  const environment = { OPENSHELL_SANDBOX_ID: 'other', openshell_endpoint: 'http://evil', OPENSHELL_SANDBOX_TOKEN: 't' }
  const made = supervisorEnvironment({ ...sandbox, environment }, where)
  expect(made['OPENSHELL_SANDBOX_ID']).toBe('id-1')
  expect(made).not.toHaveProperty('OPENSHELL_USER_ENVIRONMENT')
  expect(JSON.stringify(made)).not.toMatch(/evil|"t"/)
})

test("a driver's own variables must not pose as the supervisor's", () => {
  expect(() => supervisorEnvironment(sandbox, { ...where, variables: { OPENSHELL_SANDBOX_TOKEN: 't' } })).toThrow(
    'The variable OPENSHELL_SANDBOX_TOKEN is reserved',
  )
})

test('https needs the three TLS files, and passes all of them', () => {
  const https = { ...where, endpoint: 'https://gateway' }
  expect(() => supervisorEnvironment(sandbox, https)).toThrow('needs tls: { ca, certificate, key }')
  expect(supervisorEnvironment(sandbox, { ...https, tls: { ca: 'a', certificate: 'b', key: 'c' } })).toMatchObject({
    OPENSHELL_TLS_CA: 'a',
    OPENSHELL_TLS_CERT: 'b',
    OPENSHELL_TLS_KEY: 'c',
  })
})

test('the image may say whom the main process runs as, and the main process may be written in base64url', () => {
  const made = supervisorEnvironment(sandbox, {
    ...where,
    user: { image: '1000:app' },
    mainProcessEncoding: 'base64url',
  })
  expect(made).toMatchObject({
    OPENSHELL_OCI_IMAGE_USER: '1000:app',
    OPENSHELL_SANDBOX_UID: '',
    OPENSHELL_SANDBOX_GID: '',
  })
  const [, text = ''] = (made['OPENSHELL_MAIN_PROCESS_SPEC'] ?? '').split('base64url:')
  expect(text).toMatch(/^[\w-]+$/)
  expect(JSON.parse(Buffer.from(text, 'base64url').toString())).toEqual({
    version: 1,
    command: ['sleep', '60'],
    tty: false,
  })
})

test('a command without a program is refused', () => {
  expect(() => supervisorEnvironment({ ...sandbox, command: [''] }, where)).toThrow(
    'The first word of the command is empty',
  )
})

test('the options fill what the sandbox leaves open', () => {
  const { tokenFile: _, ...tokenless } = sandbox
  const made = supervisorEnvironment(
    { ...tokenless, command: [] },
    { ...where, defaultLogLevel: 'warn', telemetry: true, user: { uid: 7, gid: 8 }, networkCapabilities: 'x' },
  )
  expect(made).toMatchObject({
    OPENSHELL_LOG_LEVEL: 'warn',
    OPENSHELL_TELEMETRY_ENABLED: 'true',
    OPENSHELL_SANDBOX_UID: '7',
    OPENSHELL_SANDBOX_GID: '8',
    OPENSHELL_NETWORK_RUNTIME_CAPABILITIES: 'x',
  })
  expect(made).not.toHaveProperty('OPENSHELL_MAIN_PROCESS_SPEC')
  expect(made).not.toHaveProperty('OPENSHELL_SANDBOX_TOKEN_FILE')
  expect(supervisorEnvironment({ ...sandbox, logLevel: 'debug' }, { ...where, defaultLogLevel: 'warn' })).toMatchObject(
    {
      OPENSHELL_LOG_LEVEL: 'debug',
    },
  )
})
