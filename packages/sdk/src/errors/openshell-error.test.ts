import { expect, test } from 'vitest'
import { OpenShellError } from './openshell-error.js'
import { WaitFailedError } from './wait-failed-error.js'

const fields = { kind: 'not-found', message: 'Gone.' } as const

test('starts its message with the kind, also gives it without, keeps the cause, and leaves it out of JSON', () => {
  const error = new OpenShellError({ ...fields, hint: 'Look elsewhere.', cause: new Error('secret') })
  expect(error.message).toBe('[not-found] Gone.')
  expect(error.plainMessage).toBe('Gone.')
  expect(error.cause).toBeInstanceOf(Error)
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: 'OpenShellError',
    message: '[not-found] Gone.',
    kind: 'not-found',
    hint: 'Look elsewhere.',
    violations: [],
    attempts: 0,
    retryable: false,
    dispatched: false,
  })
})

test('knows errors of another copy of the package, and each class only its own', () => {
  const foreign = Object.assign(new Error('x'), { [Symbol.for('openshell-ts.sdk.OpenShellError')]: true })
  expect(foreign).toBeInstanceOf(OpenShellError)
  expect(foreign).not.toBeInstanceOf(WaitFailedError)
  expect(new OpenShellError(fields)).not.toBeInstanceOf(WaitFailedError)
})

test('lets a subclass without a brand answer by its prototype', () => {
  class Special extends OpenShellError {}
  expect(new OpenShellError(fields)).not.toBeInstanceOf(Special)
  expect(new Special(fields)).toBeInstanceOf(Special)
  expect(new Special(fields)).toBeInstanceOf(OpenShellError)
})
