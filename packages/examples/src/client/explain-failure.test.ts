import { OpenShellError, UnsupportedGatewayError } from '@openshell-ts/sdk'
import { expect, test } from 'vitest'
import { explainFailure } from './explain-failure.js'
import { StoryError } from './story.js'

const options = { gateway: 'http://gw:1' }
const silence = { kind: 'unavailable', message: 'Health: no connection.' } as const

test('nobody listens at the address', () => {
  const { message, fix } = explainFailure(new OpenShellError({ ...silence, dispatched: false }), options)
  expect(message).toBe('No gateway answers at http://gw:1.')
  expect(fix).toContain('--gateway')
})

test('the gateway goes away during a call, or during a command', () => {
  const lost = new OpenShellError({ ...silence, dispatched: true })
  const unknown = new OpenShellError({ kind: 'exec-result-unknown', message: 'x', dispatched: true, cause: lost })
  expect(explainFailure(lost, options).message).toBe('The gateway at http://gw:1 went away.')
  expect(explainFailure(unknown, options).message).toBe('The gateway at http://gw:1 went away.')
})

test('a gateway that answers is not said to be away', () => {
  const answer = new OpenShellError({
    kind: 'unavailable',
    code: 'UNAVAILABLE',
    message: 'ExecSandbox: relay closed',
    hint: 'Again.',
  })
  expect(explainFailure(answer, options)).toEqual({ message: 'ExecSandbox: relay closed', fix: 'Again.' })
})

test('an unknown version names the flag, not the option in code', () => {
  const fields = { message: 'The gateway reports version "0.0.0".', foundVersion: '0.0.0', supportedRanges: [] }
  const failure = explainFailure(new UnsupportedGatewayError({ ...fields, override: "wireLine: '0.0'" }), options)
  expect(failure.message).toBe('The gateway reports version "0.0.0".')
  expect(failure.fix).toContain('--wire-line 0.0')
  expect(failure.fix).not.toContain('wireLine')
})

test('other errors keep their own words', () => {
  expect(explainFailure(new StoryError('a.yaml: there is no such file.'), options)).toEqual({
    message: 'a.yaml: there is no such file.',
  })
})
