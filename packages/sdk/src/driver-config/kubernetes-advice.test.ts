import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import { expect, test } from 'vitest'
import { kubernetesAdvice, type TypedParts } from './kubernetes-advice.js'

const amounts = (section: string, entries: JsonObject): JsonObject => ({
  containers: { agent: { resources: { [section]: entries } } },
})
const place = (section: string, name: string) => `driver_config.containers.agent.resources.${section}${name}`

test.each<[string, JsonObject, TypedParts, readonly string[]]>([
  [
    'a limit beside the typed one',
    amounts('limits', { cpu: '2' }),
    { resources: { limits: { cpu: '1' } } },
    [place('limits', '.cpu')],
  ],
  [
    'a request beside a typed limit',
    amounts('requests', { memory: '1Gi' }),
    { resources: { limits: { memory: '2Gi' } } },
    [place('requests', '.memory')],
  ],
  ['a limit beside a typed request', amounts('limits', { cpu: '2' }), { resources: { requests: { cpu: '1' } } }, []],
  [
    'another amount than the typed one',
    amounts('limits', { memory: '2Gi' }),
    { resources: { limits: { cpu: '1' } } },
    [],
  ],
  ['a GPU', amounts('limits', { 'nvidia.com/gpu': '1' }), {}, [place('limits', '["nvidia.com/gpu"]')]],
  [
    'a GPU beside the typed one',
    amounts('limits', { 'amd.com/gpu': '1' }),
    { gpu: true },
    [place('limits', '["amd.com/gpu"]')],
  ],
  ['another device', amounts('limits', { 'example.com/fpga': '1' }), { gpu: true }, []],
  [
    'a runtime class beside the typed one',
    { pod: { runtime_class_name: 'kata' } },
    { rawSpec: { template: { runtimeClassName: 'gvisor' } } },
    ['driver_config.pod.runtime_class_name'],
  ],
  ['a runtime class alone', { pod: { runtime_class_name: 'kata' } }, {}, []],
  [
    'a toleration in the words of Kubernetes',
    { pod: { tolerations: [{ key: 'a', operator: 'Exists', tolerationSeconds: 30 }] } },
    {},
    [],
  ],
  [
    'a toleration in other words',
    { pod: { tolerations: [{ key: 'a' }, { toleration_seconds: 30 }, 'x', null] } },
    {},
    ['driver_config.pod.tolerations[1].toleration_seconds'],
  ],
  [
    'what is of no expected shape',
    { pod: [], containers: { agent: null } },
    { gpu: true, resources: { limits: { cpu: '1' } } },
    [],
  ],
])('%s', (_, block, typed, paths) => {
  expect(kubernetesAdvice(block, typed).map(({ path }) => path)).toEqual(paths)
})

test('says what wins, and the key that is meant', () => {
  const block = { ...amounts('limits', { cpu: '2' }), pod: { tolerations: [{ toleration_seconds: 30 }] } }
  expect(kubernetesAdvice(block, { resources: { limits: { cpu: '1' } } }).map(({ message }) => message)).toEqual([
    'has no effect beside resources.limits.cpu of the spec',
    'is no key of Kubernetes; did you mean "tolerationSeconds"?',
  ])
})
