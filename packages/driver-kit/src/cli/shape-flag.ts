import type { ConfigShape } from './config-file/find-config-site.js'
import type { Flag } from './flag.js'

const shapes: readonly ConfigShape[] = ['block', 'envelope', 'template']

/** `--as`: what a file is, for the few that look like something else. */
export const shapeFlag = {
  description: 'What the file is: block, envelope or template. Found out when absent.',
  hint: 'SHAPE',
  check: (text) => (shapes.some((shape) => shape === text) ? undefined : `must be one of ${shapes.join(', ')}.`),
} as const satisfies Flag

/** The value of `--as` as an option; no option when it is absent. */
export function toShape(text: string | undefined): { readonly shape?: ConfigShape } {
  const shape = shapes.find((each) => each === text)
  return shape === undefined ? {} : { shape }
}
