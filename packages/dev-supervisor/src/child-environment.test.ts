import { expect, test } from 'vitest'
import { type ChildEnvironmentOptions, commandEnvironment, mainEnvironment } from './child-environment.js'

const options: ChildEnvironmentOptions = {
  workdir: '/work/one',
  shell: '/bin/bash',
  userEnvironment: { GREETING: 'hello', HOME: '/mine', OPENSHELL_EVIL: 'x' },
  providerVariables: () => ({}),
  mark: 'id/instance',
  inherited: {
    PATH: '/opt/bin',
    HOME: '/root',
    EDITOR: 'vi',
    OPENSHELL_SANDBOX: 'name',
    OPENSHELL_ENDPOINT: 'http://gateway',
    OPENSHELL_SANDBOX_TOKEN: 'hunter2',
    OPENSHELL_SANDBOX_TOKEN_FILE: '/hunter2',
    OPENSHELL_K8S_SA_TOKEN_FILE: '/hunter2',
    OPENSHELL_TLS_KEY: '/hunter2',
  },
}

test('a command gets the variables of a sandbox, PATH, and those of the user over them', () => {
  expect(commandEnvironment(options, { term: 'dumb' })).toEqual({
    OPENSHELL_SANDBOX: '1',
    HOME: '/mine',
    USER: 'sandbox',
    SHELL: '/bin/bash',
    TERM: 'dumb',
    PATH: '/opt/bin',
    GREETING: 'hello',
    OPENSHELL_SANDBOX_PROCESS: 'id/instance',
  })
})

test('without a PATH of the supervisor there is a default one', () => {
  expect(commandEnvironment({ ...options, inherited: {} }, { term: 'dumb' })['PATH']).toBe(
    '/usr/local/bin:/usr/bin:/bin',
  )
})

test('HOME is the workdir unless the user sets it', () => {
  expect(commandEnvironment({ ...options, userEnvironment: {} }, { term: 'dumb' })['HOME']).toBe('/work/one')
})

test("the main process inherits what is not the supervisor's own", () => {
  const environment = mainEnvironment(options, { term: 'xterm-256color' })
  expect(environment).toMatchObject({
    EDITOR: 'vi',
    OPENSHELL_ENDPOINT: 'http://gateway',
    OPENSHELL_SANDBOX: '1',
    HOME: '/mine',
    OPENSHELL_SANDBOX_PROCESS: 'id/instance',
  })
  expect(JSON.stringify(environment)).not.toMatch(/hunter2|OPENSHELL_EVIL/)
})

test.each([
  ['a command', commandEnvironment],
  ['the main process', mainEnvironment],
])(
  'for %s what providers bring wins over the user and never over what the supervisor says of itself',
  (_who, build) => {
    const brought = {
      GREETING: 'from a provider',
      PATH: '/provided',
      OPENSHELL_SANDBOX: '0',
      OPENSHELL_SANDBOX_PROCESS: 'x',
    }
    expect(build({ ...options, providerVariables: () => brought }, { term: 'dumb' })).toMatchObject({
      GREETING: 'from a provider',
      PATH: '/provided',
      OPENSHELL_SANDBOX: '1',
      OPENSHELL_SANDBOX_PROCESS: 'id/instance',
    })
  },
)
