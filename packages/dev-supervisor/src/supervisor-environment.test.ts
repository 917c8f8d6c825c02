import { expect, test } from 'vitest'
import { readSupervisorEnvironment } from './supervisor-environment.js'

const needed = {
  OPENSHELL_ENDPOINT: 'http://gateway',
  OPENSHELL_SANDBOX_ID: 'id',
  OPENSHELL_SANDBOX_TOKEN_FILE: '/token',
}

test('what a driver sets becomes options', () => {
  expect(
    readSupervisorEnvironment({
      ...needed,
      OPENSHELL_SANDBOX: 'box',
      OPENSHELL_SSH_SOCKET_PATH: '/run/ssh.sock',
      OPENSHELL_MAIN_PROCESS_SPEC: '{"version":1,"command":["true"],"tty":false}',
      OPENSHELL_USER_ENVIRONMENT: '{"A":"1"}',
      OPENSHELL_TLS_CA: '/ca',
      OPENSHELL_TLS_CERT: '/cert',
      OPENSHELL_TLS_KEY: '/key',
      OPENSHELL_GATEWAY_TLS_SERVER_NAME: 'gateway.example',
    }),
  ).toEqual({
    endpoint: 'http://gateway',
    sandboxId: 'id',
    sandboxName: 'box',
    token: { tokenFile: '/token' },
    tls: { caFile: '/ca', certificateFile: '/cert', keyFile: '/key', serverName: 'gateway.example' },
    mainProcess: { command: ['true'], tty: false },
    userEnvironment: { A: '1' },
    sshSocketPath: '/run/ssh.sock',
  })
})

test('a token in the environment wins over the file, an empty one counts as absent', () => {
  expect(readSupervisorEnvironment({ ...needed, OPENSHELL_SANDBOX_TOKEN: 'abc' }).token).toEqual({ token: 'abc' })
  expect(readSupervisorEnvironment({ ...needed, OPENSHELL_SANDBOX_TOKEN: '' }).token).toEqual({ tokenFile: '/token' })
})

test('a credential of the workload’s own is the last choice', () => {
  const { OPENSHELL_SANDBOX_TOKEN_FILE: tokenFile, ...others } = needed
  const own = { ...others, OPENSHELL_K8S_SA_TOKEN_FILE: '/own' }
  expect(readSupervisorEnvironment(own).token).toEqual({ credentialFile: '/own' })
  expect(readSupervisorEnvironment({ ...own, ...needed }).token).toEqual({ tokenFile })
})

test('all that is missing is named at once', () => {
  const read = () => readSupervisorEnvironment({ OPENSHELL_ENDPOINT: '' })
  expect(read).toThrow(/OPENSHELL_ENDPOINT .*OPENSHELL_SANDBOX_ID .*OPENSHELL_SANDBOX_TOKEN_FILE /)
})

test('TLS files come together', () => {
  expect(() => readSupervisorEnvironment({ ...needed, OPENSHELL_TLS_KEY: '/key' })).toThrow('Set all three, or none')
})
