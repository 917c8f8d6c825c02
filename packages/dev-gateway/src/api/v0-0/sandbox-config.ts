import { createHash } from 'node:crypto'
import { create, toBinary } from '@bufbuild/protobuf'
import {
  type OpenShell,
  PolicySource,
  PolicyStatus,
  type SandboxPolicy,
  SandboxPolicySchema,
} from '@openshell-ts/protocol/v0-0'
import { requireOwnSandbox } from '../../auth/authenticator.js'
import type { Principal } from '../../auth/principal.js'
import { credentialBindings, dynamicCredentials } from '../../providers/credential-bindings.js'
import { environmentRevision, providerEnvironment, requireProviders } from '../../providers/provider-environment.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { invalidArgument, notFound } from '../../server/status-error.js'
import type { SandboxRow } from '../../store/sandbox-row.js'
import type { ApiContext } from './api-context.js'
import { toBigInts } from './to-provider.js'

/** What a supervisor reads before it starts the workload, and what it reports about it. */
export function sandboxConfigHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    getSandboxConfig: ({ sandboxId }, { principal }) => {
      const row = requireSandbox(context, sandboxId, principal)
      const policy = row.spec.policy ?? defaultPolicy()
      const hash = createHash('sha256').update(toBinary(SandboxPolicySchema, policy)).digest()
      return {
        policy,
        version: 1,
        policyHash: hash.toString('hex'),
        configRevision: hash.readBigUInt64BE(0),
        policySource: PolicySource.SANDBOX,
        providerEnvRevision: environmentRevision(
          context.store,
          requireProviders(context.store, row.workspace, row.spec.providers),
        ),
        workspace: row.workspace,
        policyValidationFailureMode: 'fail_closed',
      }
    },
    getSandboxProviderEnvironment: (request, { principal }) => {
      const row = requireSandbox(context, request.sandboxId, principal)
      const providers = requireProviders(context.store, row.workspace, row.spec.providers)
      const { environment, expiresAtMs, revision } = providerEnvironment(context.store, providers)
      return {
        environment,
        credentialExpiresAtMs: toBigInts(expiresAtMs),
        providerEnvRevision: revision,
        dynamicCredentials: dynamicCredentials(context.store, providers),
        ...(request.supportsStaticCredentialBindings && {
          staticCredentialBindings: credentialBindings(context.store, providers),
        }),
      }
    },
    reportPolicyStatus: ({ sandboxId, version, status }, { principal }) => {
      const row = requireSandbox(context, sandboxId, principal)
      if (status === PolicyStatus.LOADED && row.status.currentPolicyVersion !== version) {
        context.store.sandboxes.update(row.id, { status: { ...row.status, currentPolicyVersion: version } })
      }
      return {}
    },
  }
}

/** The sandbox that a call is about, after the check that the caller may speak for it. */
export function requireSandbox({ store }: ApiContext, sandboxId: string, principal: Principal): SandboxRow {
  if (sandboxId === '') throw invalidArgument('sandbox_id is required')
  requireOwnSandbox(principal, sandboxId)
  const row = store.sandboxes.get(sandboxId)
  if (!row) throw notFound('sandbox not found')
  return row
}

// Reads of the system, writes to the workspace and to temporary files, no network.
function defaultPolicy(): SandboxPolicy {
  return create(SandboxPolicySchema, {
    version: 1,
    filesystem: {
      includeWorkdir: true,
      readOnly: ['/usr', '/lib', '/lib64', '/bin', '/sbin', '/etc', '/opt', '/proc', '/dev/urandom'],
      readWrite: ['/sandbox', '/tmp', '/dev/null'],
    },
    landlock: { compatibility: 'best_effort' },
    process: {},
  })
}
