/** A form of text that is a secret whatever field it stands in. */
export interface SecretForm {
  readonly name: string
  readonly pattern: RegExp
}

// Prefixes that only real credentials carry; a false positive would refuse a working block.
const secretForms: readonly SecretForm[] = [
  { name: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { name: 'a cloud access key', pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[A-Za-z0-9_-]{35}/ },
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
  { name: 'a JSON web token', pattern: /\beyJ[A-Za-z0-9_-]{10,1000}\.eyJ[A-Za-z0-9_-]{10,1000}\.[A-Za-z0-9_-]{10}/ },
]
const anyForm =
  /-----BEGIN [A-Z ]*PRIVATE|\b(?:A[KS]IA[A-Z0-9]|AIza|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk-|hf_|nvapi-|npm_|[rs]k_live_|eyJ)/
const shortestSecret = 20
// A random text of this length has capitals or digits; names and paths in lower case need no closer look.
const mixedText = /[A-Z0-9]/
const shortestSuspect = 32
/** Bits a character: random base64 has about 5 in 32 characters, words and paths have fewer. */
const suspectEntropy = 4.2

/** A name that stands for a secret: `api_token`, `DB_PASSWORD`, `private-key`. */
const secretName = /(?:^|[^a-z])(?:password|passwd|token|secret|api[_-]?key|credential|private[_-]?key)s?$/i

/** True for a name of a field or key whose value is probably a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name.replaceAll(/([a-z])([A-Z])/g, '$1_$2'))
}

/** True when a text may hold a secret, so that a closer look is needed. Cheap: most texts are short. */
export function mayHoldSecret(text: string): boolean {
  return text.length >= shortestSecret && mixedText.test(text) && (anyForm.test(text) || isSuspectText(text))
}

/** The form of secret that a text certainly holds. */
export function findSecretForm(text: string): SecretForm | undefined {
  if (text.length < shortestSecret || !mixedText.test(text) || !anyForm.test(text)) return undefined
  return secretForms.find(({ pattern }) => pattern.test(text))
}

/** True for a long text of high entropy: often a secret, sometimes a digest. */
export function isSuspectText(text: string): boolean {
  if (text.length < shortestSuspect || !/^[A-Za-z0-9+/=_-]+$/.test(text)) return false
  // A text of many slashes is a path.
  if (text.split('/').length > 3) return false
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
