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
const shortestSuspect = 32
/** Bits a character: random base64 has about 5 in 32 characters, words and paths have fewer. */
const suspectEntropy = 4.2

const secretWords =
  '(?:password|passwd|token|secret|api[_-]?key|credential|private[_-]?key|(?:secret[_-]?)?access[_-]?key|secret[_-]?key)s?'
/** A name that stands for a secret: `api_token`, `DB_PASSWORD`, `AWS_SECRET_ACCESS_KEY`. */
const secretName = new RegExp(`(?:^|[^a-z])${secretWords}$`, 'i')
/** A name that speaks of a secret, wherever in it: `password_hash`, `token_file`. */
const nameWithSecret = new RegExp(`(?:^|[^a-z])${secretWords}(?:[^a-z]|$)`, 'i')

const lowerCaseBit = 0x20
const plural = 's'.charCodeAt(0)
const lastLetters: ReadonlySet<number> = new Set(Array.from('dntyl', (letter) => letter.charCodeAt(0)))

/** True for a name of a field or key whose value is probably a secret. */
export function isSecretName(name: string): boolean {
  return endsLikeSecret(name) && secretName.test(splitWords(name))
}

/** True for a name of a declared field that speaks of a secret: its author has to say what it holds. */
export function speaksOfSecret(name: string): boolean {
  return nameWithSecret.test(splitWords(name))
}

function splitWords(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, '$1_$2')
}

/** False for most names: one that stands for a secret ends in the last letter of `password`, `token`, `secret`, `key`, … */
function endsLikeSecret(name: string): boolean {
  const last = name.length - 1
  const letter = name.charCodeAt(last) | lowerCaseBit
  return lastLetters.has(letter === plural ? name.charCodeAt(last - 1) | lowerCaseBit : letter)
}

/** True when a text may hold a secret, so that a closer look is needed. Cheap: most texts are short, names or paths. */
export function mayHoldSecret(text: string): boolean {
  if (text.length < shortestSecret) return false
  const classes = classesOf(text)
  return (mayHaveForm(classes) && anyForm.test(text)) || (mayBeRandom(text, classes) && isSuspectText(text))
}

/** The form of secret that a text certainly holds. */
export function findSecretForm(text: string): SecretForm | undefined {
  if (text.length < shortestSecret || !mayHaveForm(classesOf(text)) || !anyForm.test(text)) return undefined
  return secretForms.find(({ pattern }) => pattern.test(text))
}

/** True for a long text of high entropy: often a secret, sometimes a digest. */
export function isSuspectText(text: string): boolean {
  if (!mayBeRandom(text, classesOf(text))) return false
  // A text of many slashes is a path.
  return text.split('/').length <= 3 && entropyOf(text) > suspectEntropy
}

const capital = 1
const smallLetter = 2
const digit = 4
const joint = 8
const otherBase64 = 16
const foreign = 32

function classOf(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return smallLetter
  if (code >= 0x30 && code <= 0x39) return digit
  if (code >= 0x41 && code <= 0x5a) return capital
  if (code === 0x2d || code === 0x5f) return joint
  return code === 0x2f || code === 0x2b || code === 0x3d ? otherBase64 : foreign
}

/** The classes of characters that occur in a text, as bits. */
function classesOf(text: string): number {
  let classes = 0
  for (let index = 0; index < text.length; index += 1) classes |= classOf(text.charCodeAt(index))
  return classes
}

/** Every form has capitals or a `-` or `_`, and capitals or digits. */
function mayHaveForm(classes: number): boolean {
  return (classes & (capital | joint)) !== 0 && (classes & (capital | digit)) !== 0
}

function mayBeRandom(text: string, classes: number): boolean {
  const mixed = capital | smallLetter | digit
  return text.length >= shortestSuspect && (classes & mixed) === mixed && (classes & foreign) === 0
}

/** Bits of information a character, from the frequencies in the text itself. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}
