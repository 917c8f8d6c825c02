/** What an option holds: the end of a sentence that says so, and the check. */
export interface OptionShape {
  readonly must: string
  fits(value: unknown): boolean
}

/** A limit in milliseconds or the like; Infinity is none. */
export const limit: OptionShape = {
  must: 'be a number from 0',
  fits: (value) => typeof value === 'number' && value >= 0,
}
/** A count as the wire has it. */
export const count: OptionShape = {
  must: 'be a whole number from 0 to 4294967295',
  fits: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 4_294_967_295,
}
/** A size of something that has at least one. */
export const size: OptionShape = {
  must: 'be a number from 1',
  fits: (value) => typeof value === 'number' && value >= 1,
}
/** On or off. */
export const flag: OptionShape = { must: 'be true or false', fits: (value) => typeof value === 'boolean' }
/** A text, whatever it says. */
export const text: OptionShape = { must: 'be a text', fits: (value) => typeof value === 'string' }
/** A function. */
export const listener: OptionShape = { must: 'be a function', fits: (value) => typeof value === 'function' }
/** A moment. */
export const time: OptionShape = {
  must: 'be a Date that is a time',
  fits: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
}
/** An amount of bytes; Infinity is no limit. */
export const amount: OptionShape = {
  must: 'be a whole number from 0, or Infinity',
  fits: (value) => value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && Number(value) >= 0),
}
/** Permission bits. */
export const mode: OptionShape = {
  must: 'be permission bits, a number from 0 to 0o7777',
  fits: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 0o7777,
}
const UUID = /^(?![0-]+$)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** The id of a change. */
export const identifier: OptionShape = {
  must: 'be a UUID that is not zero, such as crypto.randomUUID() gives',
  fits: (value) => typeof value === 'string' && UUID.test(value),
}
/** A list of texts. */
export const texts: OptionShape = {
  must: 'be a list of texts',
  fits: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
}
/** A list of objects. */
export const objects: OptionShape = {
  must: 'be a list of objects',
  fits: (value) => Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null),
}
/** Names and what they stand for. */
export const record: OptionShape = {
  must: 'be an object of names and texts',
  fits: (value) => typeof value === 'object' && value !== null && !(Symbol.iterator in value),
}
/** Bytes. */
export const bytes: OptionShape = { must: 'be a Uint8Array', fits: (value) => value instanceof Uint8Array }
/** What can be written in one go. */
export const chunk: OptionShape = {
  must: 'be a text or a Uint8Array',
  fits: (value) => typeof value === 'string' || value instanceof Uint8Array,
}
/** What a command reads. */
export const input: OptionShape = {
  must: 'be a text, bytes, or an async iterable of those',
  fits: (value) => chunk.fits(value) || (typeof value === 'object' && value !== null && Symbol.asyncIterator in value),
}
/** One of some words. */
export const oneOf = (...words: readonly string[]): OptionShape => ({
  must: `be one of: ${words.join(', ')}`,
  fits: (value) => typeof value === 'string' && words.includes(value),
})
/** A signal. One of another realm, as test environments have them, will do. */
export const abort: OptionShape = {
  must: 'be an AbortSignal',
  fits: (value) => typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value,
}

/** A name: a text that is not empty, because an empty one goes out as none. */
export const name: OptionShape = {
  must: 'be a text that is not empty',
  fits: (value) => typeof value === 'string' && value !== '',
}
/** The number of a revision. */
export const revision: OptionShape = {
  must: 'be a whole number from 1 to 4294967295',
  fits: (value) => count.fits(value) && value !== 0,
}
/** An object, whatever is in it. */
export const object: OptionShape = {
  must: 'be an object',
  fits: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
}
