import { expect, test } from 'vitest'
import { Lane } from './lane.js'

test('operations run one after the other in the order of the calls, also after a failure', async () => {
  const lane = new Lane()
  const log: string[] = []
  const operation = (name: string, fails = false) =>
    lane.run(async () => {
      log.push(`${name} begins`)
      await Promise.resolve()
      log.push(`${name} ends`)
      if (fails) throw new Error(name)
      return name
    })
  const results = await Promise.allSettled([operation('a'), operation('b', true), operation('c')])
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})
