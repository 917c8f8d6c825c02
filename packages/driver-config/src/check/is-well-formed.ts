// Texts of one byte a character answer at once where the engine has the method, which is younger than the language that we use.
const hasMethod = 'isWellFormed' in String.prototype
const loneSurrogate = /\p{Surrogate}/u

/** True for a text without lone surrogates. */
export function isWellFormed(text: string): boolean {
  return hasMethod ? (text as string & { isWellFormed(): boolean }).isWellFormed() : !loneSurrogate.test(text)
}
