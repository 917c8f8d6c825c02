import { expect, test } from 'vitest'
import { checkLabels } from './check-labels.js'

test.each([{ a: '' }, { 'openshell.ai/x': 'v' }, { 'A-b_c.d': 'v-1' }, { [`${'a'.repeat(63)}`]: 'v'.repeat(63) }])(
  '%j is allowed',
  (labels) => {
    expect(() => checkLabels(labels)).not.toThrow()
  },
)

test.each([
  [{ '': 'v' }, 'label key cannot be empty'],
  [{ k: 'v'.repeat(64) }, `label value exceeds 63 characters: '${'v'.repeat(64)}'`],
  [{ k: '-v' }, "label value is invalid: '-v'"],
  [{ '-k': 'v' }, "label key is invalid: '-k'"],
  [{ 'Bad/k': 'v' }, "label key prefix is invalid: 'Bad/k'"],
  [{ 'a/': 'v' }, "label key is invalid: 'a/'"],
])('%j is refused', (labels, text) => {
  expect(() => checkLabels(labels as Record<string, string>)).toThrow(text)
})
