import { randomInt } from 'node:crypto'

const first = [
  'amber',
  'brave',
  'calm',
  'clever',
  'eager',
  'fair',
  'gentle',
  'happy',
  'keen',
  'lucid',
  'mellow',
  'noble',
]
const second = [
  'badger',
  'cedar',
  'falcon',
  'heron',
  'lynx',
  'maple',
  'otter',
  'pine',
  'raven',
  'salmon',
  'tern',
  'willow',
]

/** Makes a sandbox name of two words that `taken` does not know, with a number behind it when the words run out. */
export function generateName(taken: (name: string) => boolean): string {
  for (let attempt = 0; ; attempt++) {
    const words = `${pick(first)}-${pick(second)}`
    const name = attempt < 20 ? words : `${words}-${randomInt(1000)}`
    if (!taken(name)) return name
  }
}

function pick(words: readonly string[]): string {
  return words[randomInt(words.length)] ?? 'calm'
}
