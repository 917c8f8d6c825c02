import { expect, test } from 'vitest'
import { parseAdmissionPolicy } from './admission.js'

const acknowledge = (setting: object) => parseAdmissionPolicy(JSON.stringify(setting)).acknowledgement

test('the acknowledgement is canonical: fixed order, no spaces, sorted labels', () => {
  expect(
    acknowledge({
      resource_admission: { required_labels: { b: '2', a: '1' }, enabled: true },
      allow_driver_config: true,
    }),
  ).toBe('v1:{"allow_driver_config":true,"resource_admission":{"enabled":true,"required_labels":{"a":"1","b":"2"}}}')
  expect(acknowledge({})).toBe(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the canonical text of the contract.
    'v1:{"allow_driver_config":false,"resource_admission":{"enabled":true,"required_labels":{"openshell.ai/sandbox-attachable":"true","openshell.ai/sandbox-attachable-workspace":"${workspace}"}}}',
  )
})

test('what the operator wrote down is told apart from the default', () => {
  expect(parseAdmissionPolicy('{}')).toMatchObject({ allowDriverConfig: false, driverConfigDecided: false })
  expect(parseAdmissionPolicy('{"allow_driver_config":false}')).toMatchObject({ driverConfigDecided: true })
})

test('a malformed setting is refused with the field that is wrong', () => {
  const cases: Record<string, string> = {
    '{': 'must be JSON such as',
    '[]': 'the setting must be an object',
    '{"allow_driver_confg":true}': 'unknown field "allow_driver_confg"; known: allow_driver_config, resource_admission',
    '{"allow_driver_config":1}': 'allow_driver_config must be true or false',
    '{"resource_admission":null}': 'resource_admission must be an object',
    '{"resource_admission":{"enabled":"no"}}': 'resource_admission.enabled must be true or false',
    '{"resource_admission":{"labels":{}}}': 'unknown field "resource_admission.labels"',
    '{"resource_admission":{"required_labels":[]}}': 'resource_admission.required_labels must be an object',
    '{"resource_admission":{"required_labels":{"a":1}}}': 'the value of "a" must be text',
    '{"resource_admission":{"required_labels":{}}}': 'needs at least one label',
    '{"resource_admission":{"required_labels":{"a":"${workspace}"}}}': 'needs at least one label',
  }
  for (const [text, problem] of Object.entries(cases)) expect(() => parseAdmissionPolicy(text)).toThrow(problem)
  expect(acknowledge({ resource_admission: { enabled: false, required_labels: {} } })).toContain('"required_labels":{}')
})
