import { posix } from 'node:path'
import { equals } from '@bufbuild/protobuf'
import {
  type FilesystemPolicy,
  LandlockPolicySchema,
  ProcessPolicySchema,
  type SandboxPolicy,
} from '@openshell-ts/protocol/v0-0'
import { byteLength } from '../checks/check-text.js'
import { invalidArgument } from '../errors/status-error.js'
import { isProviderRule } from './provider-rules.js'

const pathLimit = 256
const pathLengthLimit = 4_096

/** @throws StatusError INVALID_ARGUMENT that names everything in a policy that no sandbox may have. */
export function checkPolicySafety(policy: SandboxPolicy): void {
  const problems = [
    ...identityProblems(policy),
    ...(policy.filesystem ? filesystemProblems(policy.filesystem) : []),
    ...hostProblems(policy),
  ]
  if (problems.length > 0) throw invalidArgument(`policy contains unsafe content: ${problems.join('; ')}`)
}

/** @throws StatusError INVALID_ARGUMENT for a rule whose name is kept for rules of providers. */
export function checkRuleNames({ networkPolicies }: SandboxPolicy): void {
  const reserved = Object.keys(networkPolicies).find(isProviderRule)
  if (reserved === undefined) return
  throw invalidArgument(
    `network_policies key '${reserved}' uses reserved '_provider_' prefix for provider composition; use 'openshell ` +
      "policy get <sandbox> --base' for a round-trippable base policy, or use 'openshell policy get <sandbox> --full' " +
      'to inspect the effective policy including provider entries',
  )
}

/**
 * Refuses a change of what is fixed when a sandbox starts. Paths may be added, because a supervisor adds those that it needs.
 *
 * @throws StatusError INVALID_ARGUMENT that names the part.
 */
export function checkFixedParts(baseline: SandboxPolicy, next: SandboxPolicy): void {
  checkFilesystemGrows(baseline.filesystem, next.filesystem)
  if (!sameMessage(LandlockPolicySchema, baseline.landlock, next.landlock)) {
    throw invalidArgument('landlock policy cannot be changed on a live sandbox (applied at startup)')
  }
  if (!sameMessage(ProcessPolicySchema, baseline.process, next.process)) {
    throw invalidArgument('process policy cannot be changed on a live sandbox (applied at startup)')
  }
}

function checkFilesystemGrows(baseline: FilesystemPolicy | undefined, next: FilesystemPolicy | undefined): void {
  if (!baseline) return
  if (!next) throw invalidArgument('filesystem policy cannot be removed on a live sandbox')
  if (baseline.includeWorkdir !== next.includeWorkdir) {
    throw invalidArgument('filesystem include_workdir cannot be changed on a live sandbox')
  }
  checkPathsStay('read_only', baseline.readOnly, next.readOnly)
  checkPathsStay('read_write', baseline.readWrite, next.readWrite)
}

function checkPathsStay(field: string, baseline: readonly string[], next: readonly string[]): void {
  const missing = baseline.find((path) => !next.includes(path))
  if (missing === undefined) return
  throw invalidArgument(`filesystem ${field} path '${missing}' cannot be removed on a live sandbox`)
}

function sameMessage<Schema extends Parameters<typeof equals>[0]>(
  schema: Schema,
  left: Parameters<typeof equals<Schema>>[1] | undefined,
  right: Parameters<typeof equals<Schema>>[1] | undefined,
): boolean {
  if (left === undefined || right === undefined) return left === right
  return equals(schema, left, right)
}

function identityProblems({ process }: SandboxPolicy): string[] {
  const identities = { run_as_user: process?.runAsUser ?? '', run_as_group: process?.runAsGroup ?? '' }
  return Object.entries(identities)
    .filter(([, value]) => value === 'root' || value === '0')
    .map(([field, value]) => `${field} must be 'sandbox', got '${value}'`)
}

function filesystemProblems({ readOnly, readWrite }: FilesystemPolicy): string[] {
  const paths = [...readOnly, ...readWrite]
  const problems: string[] = []
  if (paths.length > pathLimit) problems.push(`too many filesystem paths (${paths.length} > ${pathLimit})`)
  for (const path of paths) {
    const bytes = byteLength(path)
    if (bytes > pathLengthLimit) {
      problems.push(`path exceeds maximum length (${bytes} > ${pathLengthLimit}): ${path.slice(0, 77)}...`)
      continue
    }
    if (!posix.isAbsolute(path)) problems.push(`path must be absolute (start with '/'): ${path}`)
    if (path.split('/').includes('..')) problems.push(`path contains '..' traversal component: ${path}`)
  }
  const broad = readWrite.filter((path) => /^\/+$/.test(path))
  return [...problems, ...broad.map((path) => `read-write path is overly broad: ${path}`)]
}

function hostProblems({ networkPolicies }: SandboxPolicy): string[] {
  return Object.entries(networkPolicies).flatMap(([key, { name, endpoints }]) =>
    endpoints
      .filter(({ host }) => /^\*\*?\.[^.]*$/.test(host))
      .map(
        ({ host }) =>
          `network policy '${name || key}': TLD wildcard '${host}' is not allowed; use subdomain wildcards like ` +
          "'*.example.com' instead",
      ),
  )
}
