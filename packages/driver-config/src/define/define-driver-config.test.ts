import { expect, test } from 'vitest'
import { defineDriverConfig } from './define-driver-config.js'

test('a version is removed once', () => {
  const start = defineDriverConfig('acme').removed(1, { in: '2.0.0', lastReader: '1.9' })
  expect(() => start.removed(1, { in: '3.0.0', lastReader: '2.9' })).toThrow(
    'config of driver "acme", version 1: the version is removed twice. Keep one of the tombstones.',
  )
})
