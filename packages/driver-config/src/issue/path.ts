/** One step into a document: a key of an object, or a 0-based index of a list. */
export type PathToken = string | number

const plainKey = /^[A-Za-z_][A-Za-z0-9_]*$/
const maximumKeyLength = 64
const maximumSentenceLength = 512
// Controls, quotes, line separators and the marks that reorder or hide text.
const unsafeCharacters = /[\p{Cc}"\\\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu

/** Writes an untrusted key so that it can be printed: cut at 64 characters, with controls and quotes escaped. */
export function printableKey(key: string): string {
  const cut = key.length > maximumKeyLength ? `${key.slice(0, maximumKeyLength)}…` : key
  return cut.replace(unsafeCharacters, escapeCharacter)
}

/** A sentence that may repeat untrusted text, so that it can be printed: cut at 512 characters, without controls. */
export function printableSentence(sentence: string): string {
  const cut = sentence.length > maximumSentenceLength ? `${sentence.slice(0, maximumSentenceLength)}…` : sentence
  return cut.replace(unsafeCharacters, (character) =>
    /["\\]/.test(character) ? character : escapeCharacter(character),
  )
}

/** The place for people: `driver_config.mounts[0].labels["a.b/c"]`. */
export function formatPath(root: string, tokens: readonly PathToken[]): string {
  let path = root
  for (const token of tokens) path += formatToken(token)
  return path
}

/** The place as an RFC 6901 pointer; `''` is the block itself. */
export function toPointer(tokens: readonly PathToken[]): string {
  let pointer = ''
  for (const token of tokens) pointer += `/${typeof token === 'number' ? token : escapeToken(token)}`
  return pointer
}

/** The steps of an RFC 6901 pointer. Indexes come back as text, which reads the same member of a list. */
export function fromPointer(pointer: string): string[] {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** A path without user data, for hints, metrics and docs: indexes become `[]`, so all items of a list share one. */
export function joinTemplate(template: string, step: string): string {
  if (step === '[]' || step === '{}') return `${template}${step}`
  return template === '' ? step : `${template}.${step}`
}

function escapeToken(token: string): string {
  return token.includes('~') || token.includes('/') ? token.replaceAll('~', '~0').replaceAll('/', '~1') : token
}

function formatToken(token: PathToken): string {
  if (typeof token === 'number') return `[${token}]`
  return plainKey.test(token) && token.length <= maximumKeyLength ? `.${token}` : `["${printableKey(token)}"]`
}

function escapeCharacter(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
