import type { JsonValue } from '../envelope/json-value.js'
import { type ConfigIssue, createIssue, type IssueSite } from '../issue/config-issue.js'
import type { PathToken } from '../issue/path.js'
import { describeLength } from '../schema/describe-node.js'

/** A form of text that is a secret whatever field it stands in. */
interface SecretForm {
  readonly name: string
  readonly pattern: RegExp
}

// Prefixes that only real credentials carry; a false positive would refuse a working block.
const secretForms: readonly SecretForm[] = [
  { name: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { name: 'a cloud access key', pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[A-Za-z0-9_-]{35}\b/ },
  {
    name: 'a source host token',
    pattern: /\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_[A-Za-z0-9_]{22}|\bglpat-[A-Za-z0-9_-]{20}/,
  },
  { name: 'a chat token', pattern: /\bxox[abprs]-[A-Za-z0-9-]{10}/ },
  {
    name: 'an API key',
    pattern:
      /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{20}|\bhf_[A-Za-z0-9]{30}|\bnvapi-[A-Za-z0-9_-]{20}|\bnpm_[A-Za-z0-9]{36}|\b[rs]k_live_[A-Za-z0-9]{16}/,
  },
  { name: 'a JSON web token', pattern: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10}/ },
]
const shortestSecret = 15
const shortestSuspect = 32
/** Bits a character: random base64 has about 5 in 32 characters, words and paths have fewer. */
const suspectEntropy = 4.2

/** True when a text may hold a secret, so that a closer look is needed. Cheap: most texts are short. */
export function mayHoldSecret(text: string): boolean {
  return text.length >= shortestSecret && (findSecretForm(text) !== undefined || isSuspect(text))
}

/**
 * Finds secrets by the form of the text, wherever it stands, keys included. What is certainly one is an error; a long text of
 * high entropy is a warning only. Messages hold the path and the length class, never the text.
 */
export function findSecrets(value: JsonValue, site: IssueSite): ConfigIssue[] {
  const issues: ConfigIssue[] = []
  visit(value, [], (text, tokens) => {
    if (!mayHoldSecret(text)) return
    const form = findSecretForm(text)
    const received = describeLength(text.length)
    if (form === undefined) {
      const problem = `looks like a secret (${received}); secrets do not belong in ${site.root}`
      issues.push(createIssue(site, 'SECRET_SUSPECTED', tokens, { problem, received }))
    } else {
      const problem = `this is ${form.name}; secrets do not belong in ${site.root}`
      issues.push(createIssue(site, 'SECRET_NOT_ALLOWED', tokens, { problem, received }))
    }
  })
  return issues
}

function visit(
  value: JsonValue,
  tokens: readonly PathToken[],
  see: (text: string, tokens: readonly PathToken[]) => void,
): void {
  if (typeof value === 'string') see(value, tokens)
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visit(item, [...tokens, index], see)
    return
  }
  for (const [key, member] of Object.entries(value)) visit(member, [...tokens, key], see)
}

function findSecretForm(text: string): SecretForm | undefined {
  return secretForms.find(({ pattern }) => pattern.test(text))
}

function isSuspect(text: string): boolean {
  if (text.length < shortestSuspect || !/^[A-Za-z0-9+/=_-]+$/.test(text)) return false
  const isMixed = /[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text)
  return isMixed && entropyOf(text) > suspectEntropy
}

/** Bits of information a character, from the frequencies in the text itself. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}
