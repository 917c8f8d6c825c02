import { type DescMethod, getOption, hasOption } from '@bufbuild/protobuf'
import { authorization } from '@openshell-ts/protocol/v0-0'
import { permissionDenied } from '../errors/status-error.js'
import { adminRole, everyScope, type Principal, type UserPrincipal } from './principal.js'

/** Who may call a method, as its declaration says. An empty text means that this part does not apply. */
export interface MethodRule {
  /** `unauthenticated`, `bearer` for users, `sandbox` for supervisors, `dual` for both. */
  readonly authMode: string
  /** `user` or `admin`: what the user must be in the workspace of the call. */
  readonly workspaceRole: string
  /** What the user must be in the gateway. */
  readonly globalRole: string
  readonly scope: string
}

// Decoding an option costs more than the rest of a small call.
const rules = new WeakMap<DescMethod, MethodRule>()

/** A method's rule. A method without one is for users. */
export function methodRule(method: DescMethod): MethodRule {
  const known = rules.get(method)
  if (known) return known
  const rule = readRule(method)
  rules.set(method, rule)
  return rule
}

function readRule(method: DescMethod): MethodRule {
  if (hasOption(method, authorization)) return getOption(method, authorization)
  return { authMode: 'bearer', workspaceRole: '', globalRole: '', scope: '' }
}

/**
 * Checks everything of a rule that the request has no part in: the kind of caller, and a user's scopes and role.
 *
 * @throws StatusError PERMISSION_DENIED.
 */
export function checkCaller(rule: MethodRule, principal: Principal): void {
  if (principal.type === 'sandbox') {
    if (rule.authMode === 'sandbox' || rule.authMode === 'dual') return
    throw permissionDenied('sandbox principals may not call this method')
  }
  if (rule.authMode === 'sandbox') throw permissionDenied('this method requires a sandbox principal')
  if (rule.scope !== '' && !hasScope(principal, rule.scope)) {
    throw permissionDenied(`this method requires the scope '${rule.scope}'`)
  }
  if (rule.globalRole !== '' && !hasGlobalRole(principal, rule.globalRole)) {
    throw permissionDenied(`this method requires the role '${rule.globalRole}'`)
  }
}

/** Whether a user administers the whole platform, and with it every workspace. */
export function isPlatformAdmin(user: UserPrincipal): boolean {
  return user.roles.includes(adminRole)
}

function hasGlobalRole(user: UserPrincipal, role: string): boolean {
  return isPlatformAdmin(user) || user.roles.includes(role)
}

function hasScope({ scopes }: UserPrincipal, scope: string): boolean {
  return scopes.includes(everyScope) || scopes.includes(scope)
}
