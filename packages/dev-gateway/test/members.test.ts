import { status } from '@grpc/grpc-js'
import { WorkspaceRole } from '@openshell-ts/protocol/v0-0'
import { expect, test } from 'vitest'
import { failure, Setup } from './test-client.js'

test('members are kept in their workspace, and go with it', async () => {
  await using setup = await Setup.start()
  const { client } = setup
  await client.unary('createWorkspace', { name: 'team' })
  const add = (principalSubject: string, role = WorkspaceRole.USER) =>
    client.unary('addWorkspaceMember', { workspace: 'team', principalSubject, role })
  const { member } = await add('ann', WorkspaceRole.ADMIN)
  expect(member).toMatchObject({ principalSubject: 'ann', role: WorkspaceRole.ADMIN, metadata: { workspace: 'team' } })
  await add('bob')
  const page = await client.unary('listWorkspaceMembers', { workspace: 'team', limit: 1, offset: 1 })
  expect(page.members.map(({ principalSubject }) => principalSubject)).toEqual(['bob'])
  expect((await client.unary('listWorkspaceMembers', {})).members).toEqual([])
  const attempts: [() => Promise<unknown>, number, string][] = [
    [() => add('ann'), status.ALREADY_EXISTS, 'member already exists in this workspace'],
    [() => add(''), status.INVALID_ARGUMENT, 'principal_subject is required'],
    [
      () => add('carl', WorkspaceRole.UNSPECIFIED),
      status.INVALID_ARGUMENT,
      'role must be USER or ADMIN, not UNSPECIFIED',
    ],
    [() => client.unary('listWorkspaceMembers', { workspace: 'no' }), status.NOT_FOUND, "workspace 'no' not found"],
  ]
  for (const [call, code, details] of attempts) expect(await failure(call())).toMatchObject({ code, details })
  const bob = { workspace: 'team', principalSubject: 'bob' }
  expect(await client.unary('removeWorkspaceMember', bob)).toMatchObject({ removed: true })
  expect(await client.unary('removeWorkspaceMember', bob)).toMatchObject({ removed: false })
  await client.unary('deleteWorkspace', { name: 'team' })
  await client.unary('createWorkspace', { name: 'team' })
  expect((await client.unary('listWorkspaceMembers', { workspace: 'team' })).members).toEqual([])
})
