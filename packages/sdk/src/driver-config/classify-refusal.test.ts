import { describe, expect, test } from 'vitest'
import { OpenShellError, type Violation } from '../errors/openshell-error.js'
import { classifyRefusal } from './classify-refusal.js'

function refusal(code: string, message: string, violations: readonly Violation[] = []): OpenShellError {
  const kind = code === 'INVALID_ARGUMENT' ? 'invalid-argument' : 'failed-precondition'
  return new OpenShellError({ kind, message, code, violations, correlationId: 'c-1', rpc: 'CreateSandbox' })
}

describe('classifyRefusal', () => {
  test('keeps the code, the correlation and the text', () => {
    const error = classifyRefusal(refusal('INVALID_ARGUMENT', 'invalid docker driver_config: unknown field `mount`'))
    expect(error).toMatchObject({
      kind: 'driver-config-rejected',
      refusal: 'schema',
      code: 'INVALID_ARGUMENT',
      correlationId: 'c-1',
      message: '[driver-config-rejected] invalid docker driver_config: unknown field `mount`',
    })
  })

  test('rebuilds every issue of the driver in its order', () => {
    const violations = [
      { field: 'driver_config.mounts[0].source', description: 'is missing', reason: 'MISSING_FIELD' },
      { field: 'template.driver_config.acme.size', description: 'must be a string' },
      { field: 'name', description: 'is taken' },
    ]
    expect(classifyRefusal(refusal('INVALID_ARGUMENT', 'two problems', violations))).toMatchObject({
      issues: [
        { code: 'MISSING_FIELD', path: 'driver_config.mounts[0].source', message: 'is missing' },
        { code: '', path: 'template.driver_config.acme.size', message: 'must be a string' },
      ],
    })
  })

  test.each([
    [
      'FAILED_PRECONDITION',
      'caller driver config is disabled; set allow_driver_config',
      'driver-config-disabled',
      undefined,
    ],
    [
      'FAILED_PRECONDITION',
      'docker bind mounts require enable_bind_mounts = true in [openshell.drivers.docker]',
      'driver-config-rejected',
      'gate',
    ],
    [
      'FAILED_PRECONDITION',
      'volume "v" lacks the label openshell.ai/sandbox-attachable=true',
      'driver-config-rejected',
      'admission',
    ],
    ['FAILED_PRECONDITION', 'docker driver_config mount targets overlap', 'driver-config-rejected', 'rule'],
    // What a driver says at the create itself arrives without details.
    [
      'FAILED_PRECONDITION',
      'acme: driver_config was refused (2 problems).\n1. driver_config.size: must be a number.',
      'driver-config-rejected',
      'rule',
    ],
    ['INVALID_ARGUMENT', 'template.driver_config.acme must be an object', 'driver-config-rejected', 'schema'],
    ['FAILED_PRECONDITION', "provider 'p' not found", 'failed-precondition', undefined],
    ['INVALID_ARGUMENT', 'name must not contain consecutive hyphens', 'invalid-argument', undefined],
  ])('%s %j is %s', (code, message, kind, expected) => {
    const error = classifyRefusal(refusal(code, message))
    expect([error.kind, Reflect.get(error, 'refusal')]).toEqual([kind, expected])
  })

  test('takes a report of broken rules for a rule', () => {
    const violations = [{ field: 'driver_config.mounts', description: 'targets overlap', reason: 'RULE_FAILED' }]
    expect(classifyRefusal(refusal('INVALID_ARGUMENT', 'x', violations))).toMatchObject({ refusal: 'rule' })
  })

  test('leaves a fault of the driver alone', () => {
    const error = new OpenShellError({ kind: 'internal', code: 'INTERNAL', message: 'driver_config: a bug' })
    expect(classifyRefusal(error)).toBe(error)
  })
})
