import { create, type DescMethod, type MessageInitShape } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import { OpenShell as OpenShell00 } from '@openshell-ts/protocol/v0-0'
import { OpenShell as OpenShell01 } from '@openshell-ts/protocol/v0-1'
import { describe, expect, test } from 'vitest'
import { adminRole, localUser, type Principal } from './principal.js'
import { WorkspaceAuthorizer } from './workspace-authorizer.js'

const authorizer = new WorkspaceAuthorizer({
  roleIn: (workspace, subject) => (['team', 'default'].includes(workspace) && subject === 'ann' ? 'user' : undefined),
  workspaceExists: (name) => ['default', 'team', 'other'].includes(name),
  workspaceOfSandbox: (id) => ({ mine: 'team', theirs: 'other' })[id],
  sandboxOfSshSession: (token) => ({ t1: 'mine', t2: 'theirs' })[token],
})
const ann: Principal = { ...localUser, subject: 'ann', roles: ['openshell-user'] }

/** What a user of `default` and `team` is answered; `undefined` when the call may go on. */
function answer(method: DescMethod, request: object, principal: Principal = ann): [status, string] | undefined {
  try {
    authorizer.authorize(method, principal, create(method.input, request as MessageInitShape<typeof method.input>))
    return undefined
  } catch (error) {
    const { code, details } = error as { code: status; details: string }
    return [code, details]
  }
}

const inOther = [status.PERMISSION_DENIED, "this method requires the role 'user' in workspace 'other'"]
const needsAdmin = (workspace: string) => [
  status.PERMISSION_DENIED,
  `this method requires the role 'admin' in workspace '${workspace}'`,
]
const forPlatform = [status.PERMISSION_DENIED, "this request requires the role 'platform_admin'"]
const hidden = [status.NOT_FOUND, 'sandbox not found']

const v00 = OpenShell00.method
test.each([
  ['an empty workspace is default', v00.getSandbox, { name: 'box' }, undefined],
  ['a workspace of others', v00.getSandbox, { name: 'box', workspace: 'other' }, inOther],
  ['a workspace that does not exist is for the handler', v00.getSandbox, { workspace: 'none' }, undefined],
  ['more than the user may', v00.createProvider, { workspace: 'team' }, needsAdmin('team')],
  ['every workspace', v00.listSandboxes, { allWorkspaces: true }, forPlatform],
  ['a global setting', v00.updateConfig, { global: true }, forPlatform],
  ['a global policy', v00.listSandboxPolicies, { global: true }, undefined],
  ['a shared profile, to read', v00.getProviderProfile, { id: 'p' }, undefined],
  ['a shared profile, to write', v00.deleteProviderProfile, { id: 'p' }, forPlatform],
  ['a sandbox by id', v00.execSandbox, { sandboxId: 'mine' }, undefined],
  ['a sandbox of others by id', v00.execSandbox, { sandboxId: 'theirs' }, hidden],
  ['a watch of others', v00.watchSandbox, { id: 'theirs' }, hidden],
  ['a sandbox that does not exist is for the handler', v00.execSandbox, { sandboxId: 'none' }, undefined],
  [
    'the own workspace as a cover for a sandbox of others',
    v00.getSandboxLogs,
    { sandboxId: 'theirs', workspace: 'team' },
    hidden,
  ],
  ['an SSH session', v00.revokeSshSession, { token: 't1' }, undefined],
  ['an SSH session of others', v00.revokeSshSession, { token: 't2' }, hidden],
  [
    'the first frame of a stream',
    v00.execSandboxInteractive,
    { payload: { case: 'start', value: { sandboxId: 'theirs' } } },
    hidden,
  ],
  ['a workspace by its own name', v00.getWorkspace, { name: 'other' }, inOther],
  ['the list of workspaces', v00.listWorkspaces, {}, undefined],
])('line 0.0: %s', (_name, method, request, expected) => {
  expect(answer(method, request)).toEqual(expected)
})

const scope = (workspace: string) => ({ workspaceScope: { selection: { case: 'workspace', value: workspace } } })
const all = { workspaceScope: { selection: { case: 'allWorkspaces', value: {} } } }
const v01 = OpenShell01.method
test.each([
  ['a workspace of others', v01.getSandbox, scope('other'), inOther],
  ['the own workspace', v01.watchSandbox, scope('team'), undefined],
  ['more than the user may', v01.createSandboxTemplate, scope('team'), needsAdmin('team')],
  ['every workspace', v01.listSandboxes, all, forPlatform],
  ['no selector is for the handler', v01.getSandbox, {}, undefined],
  ['no selector and a shared profile', v01.deleteProviderProfile, { id: 'p' }, forPlatform],
  ['a stream', v01.execSandboxInteractive, { payload: { case: 'start', value: scope('other') } }, inOther],
  ['a forward', v01.forwardTcp, { payload: { case: 'init', value: { workspace: 'other' } } }, inOther],
])('line 0.1: %s', (_name, method, request, expected) => {
  expect(answer(method, request)).toEqual(expected)
})

describe('nothing is looked up', () => {
  test.each<[string, Principal]>([
    ['platform administrators', { ...ann, roles: [adminRole] }],
    ['sandboxes, whose handlers compare ids', { type: 'sandbox', sandboxId: 'mine', expiresAtSeconds: 0 }],
  ])('for %s', (_name, principal) => {
    expect(answer(v00.getSandboxConfig, { sandboxId: 'theirs' }, principal)).toBeUndefined()
  })
})
