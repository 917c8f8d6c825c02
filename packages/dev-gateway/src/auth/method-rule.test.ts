import { type DescMethod, type DescService, hasOption } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import { authorization, Inference, OpenShell as OpenShell00 } from '@openshell-ts/protocol/v0-0'
import { OpenShell as OpenShell01 } from '@openshell-ts/protocol/v0-1'
import { describe, expect, test } from 'vitest'
import { checkCaller, methodRule } from './method-rule.js'
import { localUser, type Principal } from './principal.js'

const sandbox: Principal = { type: 'sandbox', sandboxId: 'x', expiresAtSeconds: 0 }
const powerless: Principal = { ...localUser, roles: [], scopes: [] }

describe.each<[string, readonly DescService[]]>([
  ['0.0', [OpenShell00, Inference]],
  ['0.1', [OpenShell01]],
])('line %s', (_line, services) => {
  const methods = services.flatMap((service) => service.methods)

  test('each method declares who may call it, in words that are understood', () => {
    const known = {
      authMode: ['unauthenticated', 'bearer', 'sandbox', 'dual', 'operator', 'peer'],
      workspaceRole: ['', 'user', 'admin'],
      globalRole: ['', 'platform_admin'],
    }
    const unclear = methods.filter((method) => {
      const { authMode, workspaceRole, globalRole } = methodRule(method)
      const understood =
        known.authMode.includes(authMode) &&
        known.workspaceRole.includes(workspaceRole) &&
        known.globalRole.includes(globalRole)
      return !hasOption(method, authorization) || !understood
    })
    expect(unclear.map(({ name }) => name)).toEqual([])
  })

  test('a sandbox may call the methods of sandboxes and no others', () => {
    const open = methods.filter((method) => ['sandbox', 'dual'].includes(methodRule(method).authMode))
    expect(methods.filter((method) => passes(method, sandbox))).toEqual(open)
  })

  test('a user without roles and scopes may call what asks for none', () => {
    const open = methods.filter((method) => {
      const { authMode, scope, globalRole } = methodRule(method)
      return authMode !== 'sandbox' && scope === '' && globalRole === ''
    })
    expect(methods.filter((method) => passes(method, powerless))).toEqual(open)
  })
})

test('a role of the gateway can be given by its own name', () => {
  const rule = methodRule(OpenShell00.method.createWorkspace)
  expect(() => checkCaller(rule, { ...localUser, roles: ['platform_admin'] })).not.toThrow()
})

function passes(method: DescMethod, principal: Principal): boolean {
  try {
    checkCaller(methodRule(method), principal)
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: status.PERMISSION_DENIED })
    return false
  }
}
