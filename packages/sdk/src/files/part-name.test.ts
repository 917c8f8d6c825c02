import { expect, test } from 'vitest'
import { partName } from './part-name.js'

test.each(['', 'a', 'x'.repeat(255), '漢'.repeat(85), `x${'🙂'.repeat(63)}`])(
  '%j has room for what is not complete',
  (name) => {
    const part = partName(name)
    expect(Buffer.byteLength(part)).toBeLessThanOrEqual(255)
    expect(part).toMatch(/^\.[^\ufffd]*\.[0-9a-f]{8}-[0-9a-f]{4}\.part$/)
    expect(partName(name)).not.toBe(part)
  },
)
