import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  type DriverConfig,
  type JsonObject,
  type JsonValue,
  lintEnvelope,
  type OperatorPolicy,
  type ParseContext,
  selectBlock,
} from '../src/index.js'
import { docker, podman } from './acceptance/container-configs.js'
import { kubernetes } from './acceptance/kubernetes-config.js'
import { appleContainer, dockerSandboxes, kubevirt, lxd, mxc, substrate, vm } from './acceptance/other-configs.js'

interface EnvelopeCase {
  readonly id: string
  readonly envelope: JsonObject
  readonly request_context: {
    readonly gateway_driver: string
    readonly template?: { readonly runtime_class_name?: string }
    readonly gpu?: { readonly count?: number } | null
    readonly operator?: Readonly<Record<string, JsonValue>>
  }
  readonly known_outcome: { readonly verdict: 'accepted' | 'refused' | 'silently_ignored' }
}

const cases: readonly EnvelopeCase[] = JSON.parse(readFileSync(new URL('data/envelopes.json', import.meta.url), 'utf8'))
const configs: readonly DriverConfig<unknown>[] = [
  docker,
  podman,
  kubernetes,
  vm,
  mxc,
  lxd,
  appleContainer,
  dockerSandboxes,
  substrate,
  kubevirt,
]

/** What a driver of this package says to the cases that are refused today, as `path CODE`. */
const refusals: Readonly<Record<string, readonly string[]>> = {
  'env-docker-bind-docs': ['driver_config.mounts[0].type NOT_ALLOWED_BY_OPERATOR'],
  // Both settings that are missing, in one answer.
  'env-docker-probe-bind': ['driver_config CONFIG_DISABLED', 'driver_config.mounts[0].type NOT_ALLOWED_BY_OPERATOR'],
  'env-docker-workspace-root-dot': ['driver_config.mounts[0].target FORMAT_INVALID'],
  'env-docker-image-mount': ['driver_config.mounts[0].type VARIANT_UNKNOWN'],
  'env-docker-cdi-without-gpu': ['driver_config.cdi_devices CONFLICTS_WITH_REQUEST'],
  'env-docker-cdi-count-mismatch': ['driver_config.cdi_devices CONFLICTS_WITH_REQUEST'],
  'env-podman-volume-subpath': ['driver_config.mounts[0].subpath UNKNOWN_FIELD'],
  'env-k8s-pvc-ro-mount-rw': ['driver_config.containers.agent.volume_mounts[0].read_only FIELDS_CONFLICT'],
  'env-k8s-ci-shared': ['driver_config.volumes[0].name RULE_FAILED'],
  'env-k8s-sa-projection': [
    'driver_config.pod.service_account_name UNKNOWN_FIELD',
    'driver_config.volumes[0].projected UNKNOWN_FIELD',
    'driver_config.volumes[0].persistent_volume_claim FIELD_REQUIRED',
  ],
  // The typed value wins today, and nobody is told.
  'env-k8s-typed-conflict': ['driver_config.pod.runtime_class_name CONFLICTS_WITH_REQUEST'],
  'env-apple-readme': [
    'driver_config.mounts[0].source NOT_ALLOWED_BY_OPERATOR',
    'driver_config.network NOT_ALLOWED_BY_OPERATOR',
  ],
  'env-block-not-object': ['driver_config CONFIG_NOT_OBJECT'],
  // The driver of the case leaves malformed quantities to the platform; a format finds all three.
  'env-k8s-cpu-quantity': [
    'driver_config.containers.agent.resources.requests.cpu FORMAT_INVALID',
    'driver_config.containers.agent.resources.requests.memory FORMAT_INVALID',
    'driver_config.containers.agent.resources.limits.memory TYPE_MISMATCH',
  ],
}

/** What happens to blocks that are dropped without a word today, and to those that are read otherwise here. */
const others: Readonly<Record<string, (each: EnvelopeCase) => void>> = {
  'env-vm-docker-key': ({ envelope }) => {
    const { selected, warnings } = selectBlock(envelope, 'vm')
    expect(selected).toBeUndefined()
    expect(warnings).toMatchObject([
      { code: 'NO_BLOCK_FOR_DRIVER', message: expect.stringContaining('only for "docker"') },
    ])
  },
  'env-substrate-legacy': ({ envelope }) => {
    expect(substrate.parse(envelope['substrate'])).toEqual({ actor_template: 'tmpl-7' })
  },
  // An empty block says nothing that could be misread, so it passes.
  'env-kubevirt-empty': ({ envelope }) => {
    expect(kubevirt.safeParse(envelope['kubevirt'])).toMatchObject({ ok: true, value: {} })
  },
  // Drivers whose schema nobody published: never taken for accepted.
  'env-kyma-pod': (each) => expectUnchecked(each),
  'env-openshift-platform': (each) => expectUnchecked(each),
}

function expectUnchecked({ envelope, request_context }: EnvelopeCase): void {
  const { blocks } = lintEnvelope(envelope, { checkers: configs })
  expect(blocks).toMatchObject([{ driverName: request_context.gateway_driver, verdict: 'unchecked' }])
}

function contextOf({ request_context: { gpu, template, operator = {} } }: EnvelopeCase): ParseContext {
  const { allow_driver_config: allowed, ...settings } = operator
  const policy: OperatorPolicy = {
    settings,
    ...(typeof allowed === 'boolean' ? { allowDriverConfig: allowed } : {}),
  }
  // As gateways pass the typed field on.
  const platformConfig = template?.runtime_class_name && { runtime_class_name: template.runtime_class_name }
  return { policy, request: { ...(gpu == null ? {} : { gpu }), ...(platformConfig ? { platformConfig } : {}) } }
}

function problemsOf(each: EnvelopeCase): string[] {
  const { gateway_driver: driver } = each.request_context
  const config = configs.find((candidate) => candidate.driverName === driver)
  if (config === undefined) throw new Error(`no config for ${driver}`)
  const { selected } = selectBlock(each.envelope, driver)
  const result = config.safeParse(selected, contextOf(each))
  return result.ok ? [] : result.issues.map((issue) => `${issue.path} ${issue.code}`)
}

describe('an envelope that people send', () => {
  test.each(cases.map((each) => [each.id, each] as const))('%s', (id, each) => {
    const special = others[id]
    if (special !== undefined) special(each)
    else if (each.known_outcome.verdict === 'accepted') expect(problemsOf(each)).toEqual([])
    else expect(problemsOf(each)).toEqual(refusals[id] ?? ['the refusal is not listed'])
  })

  test('is listed here only when it is a case', () => {
    const ids = new Set(cases.map((each) => each.id))
    expect([...Object.keys(refusals), ...Object.keys(others)].filter((id) => !ids.has(id))).toEqual([])
  })
})
