import type { ProviderProfile, ProviderProfileCredential, ProviderProfileImportItem } from '@openshell-ts/protocol/v0-0'
import { ProviderCredentialRefreshStrategy } from '@openshell-ts/protocol/v0-0'
import { normalizeProfileId } from './profile-catalog.js'

/** One problem of a profile, for people. */
export interface ProfileDiagnostic {
  /** Where the profile was read from, as the caller named it. */
  readonly source: string
  readonly profileId: string
  /** Path of the field. */
  readonly field: string
  readonly message: string
  /** Only errors keep a profile from being stored. */
  readonly severity: 'error' | 'warning'
}

type Report = (field: string, message: string) => void

/** True when one of them keeps a profile from being stored. */
export function hasErrors(diagnostics: readonly ProfileDiagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error')
}

/** Checks profiles by themselves, without a look at what is stored. No profile at all is a problem too. */
export function lintProfiles(items: readonly ProviderProfileImportItem[]): ProfileDiagnostic[] {
  const diagnostics: ProfileDiagnostic[] = []
  const ids = new Set<string>()
  const reporter =
    (source: string, profileId: string): Report =>
    (field, message) =>
      diagnostics.push({ source, profileId, field, message, severity: 'error' })
  if (items.length === 0) reporter('', '')('profiles', 'at least one provider profile is required')
  for (const { source, profile } of items) {
    if (!profile) {
      reporter(source, '')('profile', 'provider profile is required')
      continue
    }
    const report = reporter(source, profile.id.trim())
    lintId(profile, ids, report)
    lintCredentials(profile, report)
    lintEndpoints(profile, report)
  }
  return diagnostics
}

function lintId({ id }: ProviderProfile, ids: Set<string>, report: Report): void {
  if (id.trim() === '') report('id', 'provider profile id is required')
  else if (normalizeProfileId(id) !== id) {
    report('id', "provider profile id must be lowercase kebab-case using only a-z, 0-9, and '-'")
  } else if (ids.has(id)) report('id', `duplicate provider profile id: ${id}`)
  ids.add(id)
}

function lintCredentials({ credentials, discovery }: ProviderProfile, report: Report): void {
  const names = new Set<string>()
  const variables = new Set<string>()
  for (const credential of credentials) {
    const name = credential.name.trim()
    if (name === '') report('credentials.name', 'credential name is required')
    else if (names.has(name)) report('credentials.name', `duplicate credential name: ${name}`)
    names.add(name)
    lintVariables(credential, variables, report)
    lintAuthStyle(credential, report)
    lintRefresh(credential, report)
  }
  const discovered = new Set<string>()
  for (const [index, entry] of (discovery?.credentials ?? []).entries()) {
    const name = entry.trim()
    const field = `discovery.credentials[${index}]`
    if (name === '') report(field, 'discovery credential name must not be empty')
    else if (discovered.has(name)) report(field, `duplicate discovery credential: ${name}`)
    else if (!names.has(name)) report(field, `unknown discovery credential: ${name}`)
    discovered.add(name)
  }
}

function lintVariables({ envVars }: ProviderProfileCredential, seen: Set<string>, report: Report): void {
  for (const variable of envVars) {
    if (variable.trim() === '') report('credentials.env_vars', 'credential env var must not be empty')
    else if (seen.has(variable.trim())) report('credentials.env_vars', `duplicate credential env var '${variable}'`)
    seen.add(variable.trim())
  }
}

function lintAuthStyle({ authStyle, headerName, queryParam }: ProviderProfileCredential, report: Report): void {
  const style = authStyle.trim().toLowerCase()
  if (style === 'bearer' || style === 'header') {
    if (headerName.trim() === '') report('credentials.header_name', `header_name is required for ${style} auth`)
  } else if (style === 'query') {
    if (queryParam.trim() === '') report('credentials.query_param', 'query_param is required for query auth')
  } else if (style !== '' && style !== 'basic') {
    report('credentials.auth_style', `unsupported auth_style: ${authStyle}`)
  }
}

function lintRefresh({ refresh }: ProviderProfileCredential, report: Report): void {
  if (!refresh) return
  const field = 'credentials.refresh'
  if (refresh.strategy === ProviderCredentialRefreshStrategy.UNSPECIFIED) {
    report(`${field}.strategy`, 'refresh strategy is required')
  }
  if (refresh.refreshBeforeSeconds < 0n) {
    report(`${field}.refresh_before_seconds`, 'refresh_before_seconds must be greater than or equal to 0')
  }
  if (refresh.maxLifetimeSeconds < 0n) {
    report(`${field}.max_lifetime_seconds`, 'max_lifetime_seconds must be greater than or equal to 0')
  }
  const names = new Set<string>()
  for (const { name } of refresh.material) {
    if (name.trim() === '') report(`${field}.material.name`, 'refresh material name is required')
    else if (names.has(name.trim())) report(`${field}.material.name`, `duplicate refresh material name: ${name}`)
    names.add(name.trim())
  }
}

function lintEndpoints({ endpoints, binaries }: ProviderProfile, report: Report): void {
  for (const [index, { host, port, ports, credentialBinding }] of endpoints.entries()) {
    const all = ports.length > 0 ? ports : [port]
    if (host.trim() === '' || all.some((one) => one < 1 || one > 65_535)) {
      report(`endpoints[${index}]`, `invalid endpoint '${host}:${port}'`)
    }
    if (credentialBinding) {
      report(
        `endpoints[${index}].credential_binding`,
        'credential_binding references a concrete sandbox provider and is only valid in sandbox policy',
      )
    }
  }
  for (const [index, { path }] of binaries.entries()) {
    if (path.trim() === '') report(`binaries[${index}]`, 'binary path must not be empty')
  }
}
