import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startStory } from './program.js'
import { type ProgramWorld, startPrograms } from './program-world.js'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let world: ProgramWorld

beforeAll(async () => {
  world = await startPrograms()
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

test.each([
  'Connect to',
  'Create sandbox',
  'Run commands',
  'Create from a template',
  'name is mistyped',
  'Delete sandbox',
])('Ctrl-C at "%s" deletes what was created', async (title) => {
  await using story = startStory('--gateway', world.gatewayUrl)
  await story.says(title)
  story.kill('SIGINT')
  expect(await story.ended).toBe(130)
  expect(story.stderr()).toContain('Interrupted.')
  expect(await world.sandboxNames()).toEqual([])
  expect(world.sandboxFoldersInUse()).toEqual([])
})
