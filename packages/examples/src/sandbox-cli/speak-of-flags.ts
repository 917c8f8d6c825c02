// The sdk names its options; whoever types has flags.
const WORDS: readonly (readonly [option: RegExp, flag: string])[] = [
  [/Set allowOutside: true/g, 'Add --allow-outside'],
  [/ ?If the gateway allows [^.]*connect with clientChecks: 'off'\./g, ''],
  [/set allowInsecureAuth: true/g, 'add --allow-insecure-auth'],
  [/create it with waitReady: false, and use waitCompleted/g, 'add --no-wait, and see its end with watch'],
  [/, or give the name\.$/g, ', or add --gateway NAME, or --endpoint URL.'],
  [/another localPort/g, 'another local port'],
  [/\btimeoutMs: (\d+)/g, '--timeout-ms $1'],
  [/\bwireLine: '(0\.\d)'/g, '--wire-line $1'],
  [/OpenShellClient\.connect\(\{ endpoint \}\)/g, '--endpoint'],
  [/ to OpenShellClient\.connect\b/g, ''],
]

/** Puts a sentence of the sdk into the words of the command line. */
export function speakOfFlags(sentence: string): string {
  return WORDS.reduce((text, [option, flag]) => text.replace(option, flag), sentence)
}
