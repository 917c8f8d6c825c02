import { create } from '@bufbuild/protobuf'
import { status as Code } from '@grpc/grpc-js'
import { GetSandboxConfigResponseSchema } from '@openshell-ts/protocol/v0-1'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { LaterConfig } from './later-config.js'
import type { LaterReference } from './later-gateway.js'

/** Reads three times from a gateway that fails with this code when it is asked by name. */
async function readThrice(sandboxName: string | undefined, refusal?: Code) {
  const asked: LaterReference[] = []
  const config = new LaterConfig({
    sandboxId: 'id',
    sandboxName,
    logger: pino({ level: 'silent' }),
    read: async (reference) => {
      asked.push(reference)
      if (refusal !== undefined && reference.name !== 'id') throw Object.assign(new Error('no'), { code: refusal })
      return create(GetSandboxConfigResponseSchema, { workspace: 'team' })
    },
  })
  const outcomes: string[] = []
  for (let read = 0; read < 3; read += 1) {
    await config.read().then(
      () => outcomes.push('read'),
      () => outcomes.push('failed'),
    )
  }
  return { asked, outcomes }
}

const byId = { name: 'id' }
const byName = { name: 'box' }

test('the sandbox is named by its name, and in its workspace once that is known', async () => {
  const inWorkspace = { name: 'box', workspace: 'team' }
  expect((await readThrice('box')).asked).toEqual([byName, inWorkspace, inWorkspace])
})

test.each([undefined, ''])('without a name (%j) it is named by its id', async (name) => {
  expect((await readThrice(name)).asked).toEqual([byId, byId, byId])
})

test.each([Code.NOT_FOUND, Code.PERMISSION_DENIED, Code.INVALID_ARGUMENT])(
  'a gateway that does not know the name (code %i) is told the id from then on',
  async (code) => {
    const { asked, outcomes } = await readThrice('box', code)
    expect(asked).toEqual([byName, byId, byId, byId])
    expect(outcomes).toEqual(['read', 'read', 'read'])
  },
)

test('another failure says nothing about the name', async () => {
  const { asked, outcomes } = await readThrice('box', Code.UNAVAILABLE)
  expect(asked).toEqual([byName, byName, byName])
  expect(outcomes).toEqual(['failed', 'failed', 'failed'])
})
